using Quiver.Adapters.Storage.Sqlite;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Collections;
using Quiver.Core.Embedding;
using Quiver.Core.Search;
using Quiver.Core.Vectors;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Hosting;
using Quiver.Silo.Options;

namespace Quiver.Silo.Sessions.Reading;

/// <summary>
/// A data directory opened to read it, held by another process or not. Nothing is written but vectors of questions into the cache, and that
/// only where no process holds the directory. The vector store and the models are opened when they are first needed.
/// </summary>
internal sealed class DirectoryReader : IAsyncDisposable
{
    private const string Root = "Quiver";
    private const string Data = $"{Root}:Data";

    private readonly SqliteGrainReader _states;
    private readonly Lazy<FlatIndexStore?> _embedded;
    private readonly Lazy<ServiceProvider> _services;

    private DirectoryReader(string directory, IConfiguration configuration, DataDirectoryHolder? holder, bool verbose, TimeProvider time)
    {
        Directory = directory;
        Ledger = SqliteLedger.OpenReadOnly(Path.Combine(directory, "ledger.db"));
        _states = new(Path.Combine(directory, "grains.db"));
        States = new(_states, () => new() { SharedStorage = SharedStorage.Read(configuration) }) { JobsRun = holder?.RunsJobs is true };
        Events = new(directory, Ledger, States, time);
        _embedded = new(() => StoreServices.TryOpenEmbedded(configuration, directory));
        _services = new(() => StoreServices.Build(configuration, directory, _embedded.Value, keepsVectors: holder is null && DataDirectoryLock.IsWritable(directory), verbose));
    }

    public string Directory { get; }

    public SqliteLedger Ledger { get; }

    public StoredStates States { get; }

    public StoredJobEvents Events { get; }

    public CollectionReader Collections => new(States, Service<CollectionSearch>, new(Store), new(Store), new(Ledger, Store));

    public IVectorStore Store => (IVectorStore?)_embedded.Value ?? Service<IVectorStore>();

    public ProviderProbe Providers => Service<ProviderProbe>();

    /// <summary>Whether the vector store and the models were needed.</summary>
    public bool HasOpenedStores => _embedded.IsValueCreated || _services.IsValueCreated;

    /// <summary>Opens a directory, which may be missing: it then reads as an empty one.</summary>
    /// <param name="directory">An absolute path.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="holder">Who holds it.</param>
    /// <param name="verbose">Whether logs go to standard error.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>: the path is a file.</exception>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: settings are not valid; says all that is wrong.</exception>
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

    /// <summary>Without settings there are only defaults, which need no check. The place of the data is none that the environment names.</summary>
    private static bool HasSettings(IConfiguration configuration)
    {
        var named = Environment.GetEnvironmentVariable("QUIVER__DATA__DIRECTORY") is not null;
        return configuration.GetSection(Root).AsEnumerable().Any(setting => !(IsSection(setting.Key, Root) || (named && (IsSection(setting.Key, Data) || IsSection(setting.Key, $"{Data}:Directory")))));

        static bool IsSection(string key, string section) => key.Equals(section, StringComparison.OrdinalIgnoreCase);
    }

    private T Service<T>()
        where T : notnull =>
        _services.Value.GetRequiredService<T>();
}
