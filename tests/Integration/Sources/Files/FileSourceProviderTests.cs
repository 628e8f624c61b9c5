using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Sources.Files;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.Files;

public sealed class FileSourceProviderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<SourceSpec> Invalid =>
    [
        new SourceSpec(),
        new SourceSpec { Kind = "s3", Paths = ["a"] },
        new SourceSpec { Paths = [""] },
        new SourceSpec { Paths = ["a\0b"] },
        new SourceSpec { Paths = [.. Enumerable.Range(0, 1_001).Select(i => $"{i}")] },
        new SourceSpec { Paths = ["a"], MaxDocumentBytes = 0 },
        new SourceSpec { Paths = ["a"], MaxDocumentBytes = 67_108_865 },
        new SourceSpec { Paths = ["a"], Format = (DocumentFormat)99 },
        new SourceSpec { Paths = ["a"], IdField = " " },
        new SourceSpec { Paths = ["a"], IdField = "text" },
        new SourceSpec { Paths = ["a"], TextField = "" },
        new SourceSpec { Paths = ["a"], Name = "" },
        new SourceSpec { Paths = ["a"], Include = [""] },
        new SourceSpec { Paths = ["a"], Exclude = ["/", " "] },
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Normalize_SpecOutsideItsRanges_IsRefused(SourceSpec spec) =>
        Assert.Equal(ErrorCodes.InvalidOption, Assert.Throws<InvalidRequestException>(() => FileSources.Factory().Normalize(spec)).Code);

    [Fact]
    public void Normalize_Paths_BecomeAbsoluteAndDistinct()
    {
        var spec = FileSources.Factory().Normalize(FileSources.Spec("a", "./a/", "b/../a", "/x/", "/"));

        Assert.Equal([Path.Join(Environment.CurrentDirectory, "a"), "/x", "/"], spec.Paths);
        Assert.Equal(spec.Paths, FileSources.Factory().Normalize(spec).Paths);
    }

    [Fact]
    public async Task Open_MissingPath_IsRefused()
    {
        var error = await Assert.ThrowsAsync<InvalidRequestException>(
            () => FileSources.Factory().OpenAsync(FileSources.Spec(_folder.At("missing")), TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.PathNotFound, error.Code);
        Assert.Contains($"'{_folder.At("missing")}' does not exist", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.CurrentDirectory, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_LinkToNothing_IsRefusedAsALink()
    {
        File.CreateSymbolicLink(_folder.At("link"), "nowhere");

        var error = await Assert.ThrowsAsync<InvalidRequestException>(
            () => FileSources.Factory().OpenAsync(FileSources.Spec(_folder.At("link")), TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.PathNotFound, error.Code);
        Assert.StartsWith("The link leads to nothing: ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{_folder.At("nowhere")}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_PipesAndDevices_AreNoRegularFiles_AndAnEmptyFileIsEmpty()
    {
        using (var make = Process.Start("mkfifo", _folder.At("pipe")))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var empty = _folder.Write("empty.txt", "");

        var items = (await FileSources.ReadAsync(FileSources.Spec(_folder.At("pipe"), "/dev/zero", empty))).Select(static record => record.Item).ToList();

        Assert.Equal([ErrorCodes.UnreadableFile, ErrorCodes.UnreadableFile, ErrorCodes.EmptyDocument], items.Select(static item => item.FaultCode));
        Assert.All(items.Take(2), static item => Assert.Contains("no regular file", item.FaultReason, StringComparison.Ordinal));
        Assert.Contains("The file is empty.", items[2].FaultReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allowed", true)]
    [InlineData("allowed/sub", true)]
    [InlineData("allowed-not", false)]
    [InlineData("allowed/out", false)]
    [InlineData("allowed/../allowed-not", false)]
    public async Task Open_AllowedRoots_LimitWhatIsRead(string path, bool allowed)
    {
        _folder.Write("allowed/sub/a.txt", "a");
        _folder.Write("allowed-not/a.txt", "a");
        Directory.CreateSymbolicLink(_folder.At("allowed/out"), _folder.At("allowed-not"));
        var factory = FileSources.Factory(options => options.AllowedRoots.Add(_folder.At("allowed")));

        var error = await Record.ExceptionAsync(() => factory.OpenAsync(FileSources.Spec(_folder.At(path)), TestContext.Current.CancellationToken));

        Assert.Equal(allowed ? null : ErrorCodes.PathNotAllowed, (error as InvalidRequestException)?.Code);
    }

    [Fact]
    public async Task Open_Name_StandsForThePlace()
    {
        _folder.Write("a.txt", "a");
        var named = await FileSources.Factory().OpenAsync(FileSources.Spec(_folder.Path, _folder.At("a.txt")) with { Name = "n" }, TestContext.Current.CancellationToken);
        var unnamed = await FileSources.Factory().OpenAsync(FileSources.Spec(_folder.Path, _folder.At("a.txt")), TestContext.Current.CancellationToken);

        Assert.Equal(["n"], named.Origins);
        Assert.Equal([_folder.Path, _folder.At("a.txt")], unnamed.Origins);
    }

    [Fact]
    public void Options_OutsideTheirRanges_SayWhatToChange()
    {
        var services = new ServiceCollection().AddFileSources().AddFileSources(options =>
        {
            options.MaxDocumentBytes = 0;
            options.AllowedRoots.Add("relative");
        }).BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<FilesOptions>>().Value);

        Assert.Equal(2, error.Failures.Count());
    }
}
