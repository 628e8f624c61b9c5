
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Cli.Doctor;
using Quiver.Silo.Options;

namespace Quiver.Silo.Doctor;

/// <summary>The checks of <c>quiver doctor</c>.</summary>
internal static class DoctorChecks
{
    /// <summary>All settings together.</summary>
    /// <param name="directory">The data directory, absolute; its settings count.</param>
    /// <param name="server">Finds the server that runs on the directory; null when there is none.</param>
    public static IDoctorCheck OfSettings(string directory, Func<string, CancellationToken, Task<Uri?>> server) => new SettingsCheck(directory, server);

    /// <summary>Data directory, disk space and memory.</summary>
    /// <param name="directory">The data directory, absolute.</param>
    /// <param name="holder">Says who holds the directory; null when nobody does.</param>
    public static IReadOnlyList<IDoctorCheck> OfMachine(string directory, Func<string, CancellationToken, Task<string?>> holder) =>
    [
        new DataDirectoryCheck(directory, holder),
        new DiskSpaceCheck(directory, DiskSpaceCheck.OfDrive),
        new MemoryCheck(MemoryCheck.OfMachine),
    ];

    /// <summary>The model of the settings, the library that runs it, and the embedding providers.</summary>
    /// <param name="directory">The data directory, absolute; its settings count.</param>
    /// <param name="programDirectory">Where the executable is.</param>
    public static IReadOnlyList<IDoctorCheck> OfModel(string directory, string programDirectory) =>
    [
        new ModelCheck(() => ReadOptions(directory), new OnnxOptions().ModelPath),
        new NativeLibraryCheck(FindNativeLibrary(programDirectory)),
        new ProvidersCheck(() => ReadProviders(directory), Environment.GetEnvironmentVariable),
    ];

    /// <summary>The vector store of the settings.</summary>
    /// <param name="directory">The data directory, absolute; its settings count.</param>
    public static IDoctorCheck OfVectors(string directory) => new VectorStoreCheck(() => QuiverSettings.Load(directory));

    /// <summary>The database that the silos of a cluster share, where the settings name one.</summary>
    /// <param name="directory">The data directory, absolute; its settings count.</param>
    public static IReadOnlyList<IDoctorCheck> OfCluster(string directory)
    {
        try
        {
            return QuiverSettings.Load(directory).GetSection(PostgresClusterOptions.Section).Exists() ? [new ClusterDatabaseCheck(() => QuiverSettings.Load(directory))] : [];
        }
        catch (InvalidRequestException)
        {
            // The other checks say that the settings cannot be read.
            return [];
        }
    }

    private static OnnxOptions ReadOptions(string directory)
    {
        var options = new OnnxOptions();
        QuiverSettings.Load(directory).GetSection(OnnxOptions.Section).Bind(options);
        return options;
    }

    private static ProvidersOptions ReadProviders(string directory)
    {
        var options = new ProvidersOptions();
        QuiverSettings.Load(directory).GetSection(ProvidersOptions.Section).Bind(options);
        return options;
    }

    /// <summary>Where .NET loads it from: beside the executable, or below runtimes/ in a build for all platforms.</summary>
    private static string FindNativeLibrary(string programDirectory)
    {
        var searched = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return searched.Select(static folder => Path.Combine(folder, NativeLibraryFile)).FirstOrDefault(File.Exists) ?? Path.Combine(programDirectory, NativeLibraryFile);
    }

    private static string NativeLibraryFile =>
        OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";
}
