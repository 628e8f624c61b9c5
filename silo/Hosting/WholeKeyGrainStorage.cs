using Npgsql;
using Orleans.Runtime;
using Orleans.Storage;
using Quiver.Adapters.Storage.Postgres;

namespace Quiver.Silo.Hosting;

/// <summary>
/// Gives a store keys that are always text. Orleans' AdoNet storage parses a key that looks like a hexadecimal number, whatever its case and its
/// leading zeros, and ignores the grain's type: the tenants "cafe" and "CAFE" would share one state. It also names a full disk as such, so that the
/// grains know that the state was not written, and an emptied table.
/// </summary>
/// <param name="store">Orleans' storage.</param>
/// <param name="database">The database that it writes.</param>
internal sealed class WholeKeyGrainStorage(IGrainStorage store, ClusterDatabase database) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await store.ReadStateAsync(stateName, Whole(grainId), grainState);
        if (!grainState.RecordExists)
        {
            // Before the grain takes itself for a new one.
            await TableMarks.RequireWholeAsync(database, CancellationToken.None);
        }
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteAsync(() => store.WriteStateAsync(stateName, Whole(grainId), grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteAsync(() => store.ClearStateAsync(stateName, Whole(grainId), grainState));

    /// <summary>A key that begins with the grain type and a slash is not a number.</summary>
    private static GrainId Whole(GrainId grainId) => GrainId.Create(grainId.Type, grainId.ToString());

    private async Task WriteAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DiskFull)
        {
            throw database.Classify(exception);
        }
    }
}
