using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quiver.Core.Embedding;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Resilience;
using Quiver.Core.Sources;
using Quiver.Core.Vectors;

namespace Quiver.Grains.Jobs;

/// <summary>The services that all jobs of a silo share.</summary>
internal sealed class JobServices(
    ILedger ledger,
    IVectorStore store,
    ISourceFactory sources,
    IEmbeddingModelCatalog models,
    IOptions<JobOptions> options,
    TimeProvider time,
    Random random,
    JobInstruments instruments,
    JobLifetime lifetime,
    ISiloCount silos,
    ILoggerFactory loggers)
{
    public ILedger Ledger { get; } = ledger;

    public IVectorStore Store { get; } = store;

    public ISourceFactory Sources { get; } = sources;

    public IEmbeddingModelCatalog Models { get; } = models;

    public StoredDeadlines<JobKey> Resumptions { get; } = new(time);

    public JobOptions Options { get; } = options.Value;

    public TimeProvider Time { get; } = time;

    public Random Random { get; } = random;

    public JobInstruments Instruments { get; } = instruments;

    public JobLifetime Lifetime { get; } = lifetime;

    public ISiloCount Silos { get; } = silos;

    public ILogger Logger { get; } = loggers.CreateLogger("Quiver.Jobs");
}

/// <summary>Counts the silos that share the work.</summary>
public interface ISiloCount
{
    /// <summary>Silos that accept work, this one included; 1 or more.</summary>
    int Active { get; }
}
