namespace Quiver.Bench.Measuring;

/// <summary>A folder that goes with the benchmark.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quiver-bench-");

    /// <summary>A path in it.</summary>
    public string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A new folder in it.</summary>
    public string Folder(string name) => _folder.CreateSubdirectory(name).FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
