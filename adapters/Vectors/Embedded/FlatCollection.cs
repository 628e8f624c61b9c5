
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>One physical collection: a folder with the vectors' file and the database of everything else.</summary>
internal sealed partial class FlatCollection : IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private readonly IFlatViews _views;
    private readonly SearchPool _pool;

    private FlatCollection(SqliteDatabase database, IFlatViews views, SearchPool pool)
    {
        _database = database;
        _views = views;
        _pool = pool;
    }

    public FlatLayout Layout => _views.Layout;

    /// <summary>Opens a collection.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="dimensions">What to create it with when it is missing; null not to create it.</param>
    /// <param name="options">The index's settings.</param>
    /// <param name="pool">The search threads.</param>
    /// <param name="observer">Told of each commit's stages.</param>
    /// <returns>Null when it is missing and not to be created.</returns>
    public static async Task<FlatCollection?> OpenAsync(string folder, int? dimensions, FlatIndexOptions options, SearchPool pool, Action<CommitStage>? observer)
    {
        var path = Path.Combine(folder, "index.db");
        if (dimensions is null && !File.Exists(path))
        {
            return null;
        }

        CreateFolder(folder);
        var participant = new DeferredParticipant();
        var database = SqliteDatabase.Open(path, FlatSchema.Migrations, options.ConcurrentReads, participant);
        try
        {
            if (dimensions is { } wanted)
            {
                await database.WriteAsync(session => FlatLoader.CreateWhenMissing(session, FlatLayout.Create(wanted, options.SegmentBytes)));
            }

            var map = await database.ReadAsync(session => FlatLoader.Load(session, folder, observer));
            if (map is null)
            {
                await database.DisposeAsync();
                return null;
            }

            participant.Target = map;
            return new(database, map, pool);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a collection to read it, also while another process writes it.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="pool">The search threads.</param>
    /// <returns>Null when it is missing.</returns>
    public static async Task<FlatCollection?> OpenReadOnlyAsync(string folder, SearchPool pool)
    {
        var path = Path.Combine(folder, "index.db");
        if (!File.Exists(path))
        {
            return null;
        }

        var database = SqliteDatabase.OpenReadOnly(path, FlatSchema.Migrations);
        try
        {
            if (await database.ReadAsync(FlatLoader.ReadMeta) is var (layout, _))
            {
                return new(database, new ForeignSlots(folder, layout), pool);
            }
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }

        await database.DisposeAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _views.Dispose();
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PermanentException(ErrorCodes.StorageUnavailable, $"{folder} cannot be created: {e.Message} Check the path and its permissions.", e);
        }
    }
}
