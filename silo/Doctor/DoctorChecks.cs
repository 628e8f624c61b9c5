using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Cli.Doctor;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Hosting;
using Quiver.Silo.Options;
using Quiver.Silo.Serving;

namespace Quiver.Silo.Doctor;

/// <summary>The checks of <c>quiver doctor</c>.</summary>
internal static class DoctorChecks
{
    /// <summary>All checks.</summary>
    /// <param name="directory">The data directory, absolute; its settings apply.</param>
    /// <param name="programDirectory">The directory of the executable.</param>
    public static IReadOnlyList<IDoctorCheck> Of(string directory, string programDirectory) =>
    [
        .. OfMachine(directory, static async (path, stop) => (await DataDirectoryLock.FindHolderAsync(path, stop))?.Describe()),
        OfSettings(directory, static async (path, stop) => (await DataDirectoryLock.FindHolderAsync(path, stop))?.Address),
        .. OfModel(directory, programDirectory),
        OfVectors(directory),
        .. OfCluster(directory),
        new DatabaseFilesCheck(directory, () => QuiverSettings.Read(directory)),
        new StorageSizeCheck(directory, () => QuiverSettings.Read(directory)),
    ];

    /// <summary>All settings together.</summary>
    /// <param name="directory">The data directory, absolute; its settings apply.</param>
    /// <param name="server">Finds the address of the server that runs on the directory; null when there is none.</param>
    public static IDoctorCheck OfSettings(string directory, Func<string, CancellationToken, Task<Uri?>> server) => new SettingsCheck(directory, server);

    /// <summary>Data directory, disk space and memory.</summary>
    /// <param name="directory">The data directory, absolute.</param>
    /// <param name="holder">Describes the process that holds the directory; null when no process does.</param>
    public static IReadOnlyList<IDoctorCheck> OfMachine(string directory, Func<string, CancellationToken, Task<string?>> holder) =>
    [
        new DataDirectoryCheck(directory, holder),
        new DiskSpaceCheck(directory, DiskSpaceCheck.OfDrive),
        new MemoryCheck(MemoryCheck.OfMachine),
    ];

    /// <summary>The configured model, the library that runs it, and the embedding providers.</summary>
    /// <param name="directory">The data directory, absolute; its settings apply.</param>
    /// <param name="programDirectory">The directory of the executable.</param>
    public static IReadOnlyList<IDoctorCheck> OfModel(string directory, string programDirectory) =>
    [
        new ModelCheck(() => SettingSections.Read<OnnxOptions>(QuiverSettings.Read(directory)), new OnnxOptions().ModelPath),
        new NativeLibraryCheck(FindNativeLibrary(programDirectory)),
        new ProvidersCheck(() => SettingSections.Read<ProvidersOptions>(QuiverSettings.Read(directory)), Environment.GetEnvironmentVariable),
    ];

    /// <summary>The configured vector store.</summary>
    /// <param name="directory">The data directory, absolute; its settings apply.</param>
    public static IDoctorCheck OfVectors(string directory) => new VectorStoreCheck(() => QuiverSettings.Read(directory));

    /// <summary>The database of the cluster, when the settings name one.</summary>
    /// <param name="directory">The data directory, absolute; its settings apply.</param>
    public static IReadOnlyList<IDoctorCheck> OfCluster(string directory)
    {
        try
        {
            return QuiverSettings.Read(directory).GetSection(PostgresClusterOptions.Section).Exists()
                ? [new ClusterDatabaseCheck(() => QuiverSettings.Read(directory))]
                : [];
        }
        catch (InvalidRequestException)
        {
            // The other checks report that the settings cannot be read.
            return [];
        }
    }

    /// <summary>The path from which .NET loads it: next to the executable, or below runtimes/ in a build for all platforms.</summary>
    private static string FindNativeLibrary(string programDirectory)
    {
        var file = OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";
        var searched = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return searched.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists) ?? Path.Combine(programDirectory, file);
    }
}

/// <summary>Checks that a server would start with the settings, and reports what it would refuse in the same words.</summary>
/// <param name="directory">The data directory, absolute; its settings apply, and it need not exist.</param>
/// <param name="server">Finds the address of the server that runs on the directory; null when there is none.</param>
internal sealed class SettingsCheck(string directory, Func<string, CancellationToken, Task<Uri?>> server) : IDoctorCheck
{
    /// <summary>The remedy for a wrong setting.</summary>
    public const string Advice = "Correct quiver.json, or the environment variables that begin with QUIVER__.";

    public string Name => "settings";

    public async Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var configuration = QuiverSettings.Load(directory);
            await using var candidate = QuiverServer.Create(new QuiverServerSetup
            {
                Configuration = configuration,
                AddSilo = services => services.AddQuiverSilo(configuration, new SiloSettings(directory, RunsJobs: true)),
            });
            return await server(directory, cancellationToken) is { } running
                ? new(DoctorStatus.Ok, "A server starts with them; the running one has its own.", Elsewhere(running))
                : DoctorResult.Ok("A server starts with them.");
        }
        catch (InvalidRequestException exception)
        {
            return DoctorResult.Fail(exception.Message, Advice);
        }
    }

    private static string Elsewhere(Uri running) =>
        $"These are the settings of this shell. Commands talk to the server at {running.GetLeftPart(UriPartial.Authority)}, which uses the settings "
        + "that it was started with: change them there and start it again.";
}
