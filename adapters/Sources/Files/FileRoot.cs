namespace Quiver.Adapters.Sources.Files;

/// <summary>A file or folder that a source names.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="RealPath">The path behind its links.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Prefix">What the ids of its files begin with: its name, with as many parents as tell it apart from the other roots; empty for the only folder of a named source.</param>
/// <param name="Origin">What its documents belong to.</param>
internal sealed record FileRoot(string Path, string RealPath, bool IsFolder, string Prefix, string Origin)
{
    /// <summary>The id of a file, given its path relative to the root with forward slashes.</summary>
    public string FileId(string relativePath)
    {
        if (relativePath.Length == 0)
        {
            return Prefix;
        }

        return Prefix.Length == 0 ? relativePath : $"{Prefix}/{relativePath}";
    }

    /// <summary>The absolute path of a file.</summary>
    public string Locate(string relativePath) => relativePath.Length == 0 ? Path : System.IO.Path.Join(Path, relativePath);
}
