using Quiver.Cli.Sessions;
using Quiver.Silo.Options;
using IO = System.IO.Directory;

namespace Quiver.Silo.DataDirectory;

/// <summary>Shrinks the files of a data directory that no other process holds.</summary>
internal sealed class CompactHost(TimeProvider time) : ICompactHost
{
    private const string Purpose = "quiver compact";

    public async Task<ImmutableArray<CompactedStore>> RunAsync(string directory, CancellationToken cancellationToken)
    {
        if (!IO.Exists(directory))
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"There is no data directory '{directory}': name it with --data DIR.");
        }

        if (await DataDirectoryLock.FindHolderAsync(directory, cancellationToken) is { } holder)
        {
            throw new ConflictException(
                ErrorCodes.DataDirectoryLocked,
                $"{holder.Describe()} holds the data directory '{directory}': stop it, then run {Purpose} again. A store that is written cannot be compacted.");
        }

        var files = DataDirectoryFiles.Of(directory, QuiverSettings.Load(directory));
        await using var held = await DataDirectoryLock.AcquireAsync(directory, Purpose, time, cancellationToken);
        return await Task.Run(() => Compact(files, cancellationToken), cancellationToken);
    }

    private static ImmutableArray<CompactedStore> Compact(DataDirectoryFiles files, CancellationToken cancellationToken)
    {
        var compacted = ImmutableArray.CreateBuilder<CompactedStore>();

        // The smallest first: what they release is there for the larger ones, which need a copy's space.
        foreach (var store in StorageSizes.Measure(files).OrderBy(static store => store.Size.Bytes))
        {
            cancellationToken.ThrowIfCancellationRequested();
            store.Compact();
            var after = StorageSizes.Measure(files).Single(other => other.Path == store.Path);
            compacted.Add(new(store.Name, store.Path, store.Size.Bytes, after.Size.Bytes));
        }

        return compacted.ToImmutable();
    }
}
