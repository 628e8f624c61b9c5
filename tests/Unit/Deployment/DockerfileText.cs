using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Unit.Deployment;

/// <summary>The instructions of a Dockerfile.</summary>
internal sealed class DockerfileText
{
    private readonly List<(string Word, string Text)> _instructions = [];

    public DockerfileText(string file)
    {
        var begun = "";
        foreach (var line in SourceTree.Lines(file).Select(static line => line.Trim()).Where(static line => line.Length > 0 && !line.StartsWith('#')))
        {
            begun += line.TrimEnd('\\');
            if (line.EndsWith('\\'))
            {
                continue;
            }

            var space = begun.IndexOf(' ', StringComparison.Ordinal);
            _instructions.Add((begun[..space], begun[(space + 1)..].Trim()));
            begun = "";
        }
    }

    /// <summary>The last stage: what is in the image.</summary>
    public IEnumerable<string> Final(string word) => _instructions.Skip(_instructions.FindLastIndex(static instruction => instruction.Word == "FROM")).Where(instruction => instruction.Word == word).Select(static instruction => instruction.Text);

    /// <summary>What follows a word, in all stages.</summary>
    public IEnumerable<string> All(string word) => _instructions.Where(instruction => instruction.Word == word).Select(static instruction => instruction.Text);

    /// <summary>What follows the last of a word in the image's stage; empty when there is none.</summary>
    public string Last(string word) => Final(word).LastOrDefault() ?? "";
}
