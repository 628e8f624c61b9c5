using Quiver.Adapters.Storage.Files;
using Quiver.Cli.Sessions;
using Quiver.Silo.Options;

namespace Quiver.Silo.DataDirectory;

/// <summary>Shrinks the files of a data directory that no other process holds.</summary>
internal sealed class CompactHost(TimeProvider time) : ICompactHost
{
    public async Task<ImmutableArray<CompactedStore>> RunAsync(string directory, CancellationToken cancellationToken)
    {
        await using var held = await DataDirectoryLock.AcquireIdleAsync(directory, "quiver compact", "compacted", time, cancellationToken);
        var files = DataDirectoryFiles.Of(directory, QuiverSettings.Load(directory));
        return await Task.Run(() => Compact(files, cancellationToken), cancellationToken);
    }

    private static ImmutableArray<CompactedStore> Compact(DataDirectoryFiles files, CancellationToken cancellationToken)
    {
        var compacted = ImmutableArray.CreateBuilder<CompactedStore>();
        var manifest = DirectoryManifest.Open(files.Directory);

        // The smallest first: what they release is there for the larger ones, which need a copy's space.
        foreach (var (store, before) in DirectoryStores.Of(files, manifest).Select(static store => (store, store.Measure())).OrderBy(static pair => pair.Item2.Bytes))
        {
            cancellationToken.ThrowIfCancellationRequested();
            manifest.RequirePresent(store.Database);
            store.Compact();
            compacted.Add(new(store.Name, store.Path, before.Bytes, store.Measure().Bytes));
        }

        return compacted.ToImmutable();
    }
}
