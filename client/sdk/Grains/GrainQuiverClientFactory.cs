using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Quiver.Client.Grains;

/// <summary>Clients over grains. Thread-safe.</summary>
internal sealed class GrainQuiverClientFactory(
    IClusterClient cluster, IOptions<GrainClientOptions> options, TimeProvider time, JobIdGenerator ids, GrainCalls calls, ILogger<JobEventWatch> logger, IJobExporter? exporter = null)
    : IQuiverClientFactory
{
    public IQuiverClient Create(TenantId tenant) =>
        new GrainQuiverClient(cluster, tenant, ids, options.Value, calls, key => new JobEventWatch(cluster, key, options.Value, calls, time, logger), exporter);
}
