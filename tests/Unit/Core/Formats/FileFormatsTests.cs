
using Quiver.Core.Formats;

namespace Quiver.Tests.Unit.Core.Formats;

public sealed class FileFormatsTests
{
    [Theory]
    [InlineData("a.jsonl", DocumentFormat.JsonLines)]
    [InlineData("a.NDJSON", DocumentFormat.JsonLines)]
    [InlineData("a.json", DocumentFormat.Json)]
    [InlineData("dir/README.md", DocumentFormat.Markdown)]
    [InlineData("a.markdown", DocumentFormat.Markdown)]
    [InlineData("A.CS", DocumentFormat.Code)]
    [InlineData("a.py", DocumentFormat.Code)]
    [InlineData("dir/Dockerfile", DocumentFormat.Code)]
    [InlineData("CMakeLists.txt", DocumentFormat.Code)]
    [InlineData("notes.txt", DocumentFormat.Text)]
    [InlineData("LICENSE", DocumentFormat.Text)]
    [InlineData(".gitignore", DocumentFormat.Text)]
    [InlineData("a.", DocumentFormat.Text)]
    public void Resolve_Auto_GoesByName(string name, DocumentFormat expected) => Assert.Equal(expected, FileFormats.Resolve(DocumentFormat.Auto, name));

    [Fact]
    public void Resolve_FormatAskedFor_IsKept() => Assert.Equal(DocumentFormat.Text, FileFormats.Resolve(DocumentFormat.Text, "a.json"));

    [Theory]
    [InlineData("a.PNG", true)]
    [InlineData("x/model.onnx", true)]
    [InlineData("a.svg", false)]
    [InlineData("png", false)]
    public void IsKnownBinary_GoesByEnding(string name, bool expected) => Assert.Equal(expected, FileFormats.IsKnownBinary(name));
}
