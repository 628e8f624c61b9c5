using Quiver.Adapters.Storage.Postgres;
using Quiver.Silo.Api.Health;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>Ready while the cluster's database answers.</summary>
internal sealed class ClusterDatabaseReadinessCheck(ClusterDatabase database) : IReadinessCheck
{
    public string Name => "database";

    public async ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken)
    {
        try
        {
            await database.QueryAsync([new("SELECT 1")], static row => row.GetInt32(0), cancellationToken);
            return null;
        }
        catch (OperationCanceledException)
        {
            return "The cluster's database does not answer in time.";
        }
        catch (QuiverException e)
        {
            return e.Kind == FaultKind.Transient ? "The cluster's database cannot be reached." : "The cluster's database refuses.";
        }
    }
}
