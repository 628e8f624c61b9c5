using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Collections;
using Quiver.Core.Documents;
using Quiver.Core.Embedding;
using Quiver.Core.Search;
using Quiver.Core.Vectors;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Hosting;
using Quiver.Silo.Options;

namespace Quiver.Silo.Sessions.Reading;

/// <summary>
/// Reads a data directory, also while another process holds it. Writes only the embeddings of search queries into the cache, and only when no process
/// holds the directory. The vector store and the models are opened when they are first needed.
/// </summary>
internal sealed class DirectoryReader : IAsyncDisposable
{
    private const string Root = SettingSections.Root;
    private const string Data = $"{Root}:Data";

    private readonly SqliteGrainReader _states;
    private readonly Lazy<FlatIndexStore?> _embedded;
    private readonly Lazy<ServiceProvider> _services;

    private DirectoryReader(string directory, IConfiguration configuration, DataDirectoryHolder? holder, bool verbose, TimeProvider time)
    {
        Directory = directory;
        var files = new DataDirectoryFiles(directory);
        var manifest = DirectoryManifest.Open(directory);
        Ledger = SqliteLedger.OpenReadOnly(files.Ledger, manifest);
        _states = new(files.GrainState, manifest);
        var collections = new Lazy<CollectionOptions>(() => SettingSections.Read<CollectionOptions>(configuration));
        States = new(_states, () => collections.Value) { JobsRun = holder?.RunsJobs is true };
        Events = new(directory, Ledger, States, time);
        _embedded = new(() => StoreServices.TryOpenEmbedded(configuration, files, manifest));
        _services = new(() => StoreServices.Build(
            configuration, files, _embedded.Value, writesCache: holder is null && DataDirectoryLock.IsWritable(directory), verbose));
    }

    public string Directory { get; }

    public SqliteLedger Ledger { get; }

    public StoredStates States { get; }

    public StoredJobEvents Events { get; }

    public CollectionReader Collections => new(States, Service<CollectionSearch>, new(Store), new(Store), new(Ledger, Store), new(Ledger, Store));

    public IVectorStore Store => (IVectorStore?)_embedded.Value ?? Service<IVectorStore>();

    public ProviderProbe Providers => Service<ProviderProbe>();

    public ChunkPreviewer Previews => Service<ChunkPreviewer>();

    /// <summary>True when the vector store or the models were opened.</summary>
    public bool HasOpenedStores => _embedded.IsValueCreated || _services.IsValueCreated;

    /// <summary>Opens a directory. A missing one reads as an empty one.</summary>
    /// <param name="directory">An absolute path.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="holder">The process that holds it; null when no process does.</param>
    /// <param name="verbose">Whether logs go to standard error.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>: the path is a file.</exception>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: settings are not valid; names everything that is
    /// wrong.</exception>
    public static DirectoryReader Open(string directory, IConfiguration configuration, DataDirectoryHolder? holder, bool verbose, TimeProvider time)
    {
        if (File.Exists(directory))
        {
            throw new PermanentException(ErrorCodes.StorageUnavailable, $"The data directory '{directory}' cannot be used: it is a file.");
        }

        if (HasSettings(configuration))
        {
            QuiverSiloServiceCollectionExtensions.RequireValidSettings(configuration, directory);
        }

        return new(directory, configuration, holder, verbose, time);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services.IsValueCreated)
        {
            await _services.Value.DisposeAsync();
        }

        if (_embedded is { IsValueCreated: true, Value: { } embedded })
        {
            await embedded.DisposeAsync();
        }

        await _states.DisposeAsync();
        await Ledger.DisposeAsync();
    }

    /// <summary>False when only the data directory is set: defaults need no validation.</summary>
    private static bool HasSettings(IConfiguration configuration)
    {
        var named = Environment.GetEnvironmentVariable("QUIVER__DATA__DIRECTORY") is not null;
        return configuration.GetSection(Root).AsEnumerable().Any(setting =>
            !IsSection(setting.Key, Root) && !(named && (IsSection(setting.Key, Data) || IsSection(setting.Key, $"{Data}:Directory"))));

        static bool IsSection(string key, string section) => key.Equals(section, StringComparison.OrdinalIgnoreCase);
    }

    private T Service<T>()
        where T : notnull =>
        _services.Value.GetRequiredService<T>();
}
