using Microsoft.Extensions.Options;
using Quiver.Adapters.Sqlite;
using Quiver.Pipeline.Collections;
using Quiver.Pipeline.Embedding;
using Quiver.Pipeline.Vectors;
using Quiver.Silo.DataDirectory;

namespace Quiver.Silo.Hosting.Reading;

/// <summary>
/// A data directory opened to read it, held by another process or not. Nothing is written but vectors of questions into the cache, and that
/// only where no process holds the directory. The vector store and the models are opened when they are first needed.
/// </summary>
internal sealed class DirectoryReader : IAsyncDisposable
{
    private readonly SqliteGrainReader _states;
    private readonly Lazy<ServiceProvider> _services;

    private DirectoryReader(string directory, IConfiguration configuration, DataDirectoryHolder? holder, bool verbose, TimeProvider time)
    {
        Directory = directory;
        Ledger = SqliteLedger.OpenReadOnly(Path.Combine(directory, "ledger.db"));
        _states = new(Path.Combine(directory, "grains.db"));
        States = new(_states, () => Service<IOptions<CollectionOptions>>().Value) { JobsRun = holder?.RunsJobs is true };
        Events = new(directory, Ledger, States, time);
        _services = new(() => StoreServices.Build(configuration, directory, Ledger, States, keepsVectors: holder is null && DataDirectoryLock.IsWritable(directory), verbose));
    }

    public string Directory { get; }

    public SqliteLedger Ledger { get; }

    public StoredStates States { get; }

    public StoredJobEvents Events { get; }

    public CollectionReader Collections => Service<CollectionReader>();

    public IVectorStore Store => Service<IVectorStore>();

    public ProviderProbe Providers => Service<ProviderProbe>();

    /// <summary>Whether the vector store and the models were needed.</summary>
    public bool HasOpenedStores => _services.IsValueCreated;

    /// <summary>Opens a directory, which may be missing: it then reads as an empty one.</summary>
    /// <param name="directory">An absolute path.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="holder">Who holds it.</param>
    /// <param name="verbose">Whether logs go to standard error.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>: the path is a file.</exception>
    public static DirectoryReader Open(string directory, IConfiguration configuration, DataDirectoryHolder? holder, bool verbose, TimeProvider time)
    {
        if (File.Exists(directory))
        {
            throw new PermanentException(ErrorCodes.StorageUnavailable, $"The data directory '{directory}' cannot be used: it is a file.");
        }

        return new(directory, configuration, holder, verbose, time);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services.IsValueCreated)
        {
            await _services.Value.DisposeAsync();
        }

        await _states.DisposeAsync();
        await Ledger.DisposeAsync();
    }

    private T Service<T>()
        where T : notnull =>
        _services.Value.GetRequiredService<T>();
}
