namespace Quiver.Tests.Support;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("quiver-test-").FullName;

    public string Path { get; }

    public string Write(string relativePath, string content)
    {
        var path = At(relativePath);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public string At(string relativePath) => System.IO.Path.Join(Path, relativePath);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
