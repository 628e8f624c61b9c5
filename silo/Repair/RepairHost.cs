using Quiver.Cli.Sessions;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Options;

namespace Quiver.Silo.Repair;

/// <summary>Repairs a data directory that no other process holds, or with the settings of a cluster its database.</summary>
internal sealed class RepairHost(TimeProvider time) : IRepairHost
{
    public async Task<ImmutableArray<RepairedStore>> RunAsync(string directory, bool dryRun, CancellationToken cancellationToken)
    {
        await using var held = await DataDirectoryLock.AcquireIdleAsync(directory, "quiver repair", "repaired", time, cancellationToken);
        var settings = QuiverSettings.Load(directory);
        var files = DataDirectoryFiles.Of(directory, settings);
        return await Task.Run(
            () => ProfileSettings.IsCluster(settings)
                ? new ClusterRepair(files, settings, time).RunAsync(dryRun, cancellationToken)
                : new DirectoryRepair(files, settings, time).RunAsync(dryRun, cancellationToken),
            cancellationToken);
    }
}
