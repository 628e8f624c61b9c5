namespace Quiver.Tests.Integration.Onnx;

/// <summary>Where the sources are.</summary>
internal static class RepositoryRoot
{
    /// <summary>The tiny BERT that models/convert.mjs writes for these tests.</summary>
    public static string TinyBert => Path.Combine(Find(), "models", "out", "tiny-bert");

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Orleans.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException($"No Orleans.sln above {AppContext.BaseDirectory}.");
    }
}
