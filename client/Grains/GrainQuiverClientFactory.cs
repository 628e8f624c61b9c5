using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Quiver.Client.Grains;

/// <summary>Clients of the silo in this process. Thread-safe.</summary>
internal sealed class GrainQuiverClientFactory(
    IClusterClient cluster, IOptions<GrainClientOptions> options, TimeProvider time, JobIdGenerator ids, ILogger<JobEventWatch> logger, IJobExporter? exporter = null)
    : IQuiverClientFactory
{
    public IQuiverClient Create(TenantId tenant) =>
        new GrainQuiverClient(cluster, tenant, ids, options.Value, key => new JobEventWatch(cluster, key, options.Value, time, logger), exporter);
}
