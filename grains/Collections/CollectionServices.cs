using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quiver.Core.Collections;
using Quiver.Core.Consistency;
using Quiver.Core.Embedding;
using Quiver.Core.Ledger;
using Quiver.Core.Resilience;
using Quiver.Core.Vectors;

namespace Quiver.Grains.Collections;

/// <summary>The services that all collections of a silo share.</summary>
internal sealed class CollectionServices(
    ILedger ledger,
    IVectorStore store,
    IEmbeddingModelCatalog models,
    IOptions<CollectionOptions> options,
    DeletionClock deletionClock,
    TimeProvider time,
    ILoggerFactory loggers)
{
    public ILedger Ledger { get; } = ledger;

    public IVectorStore Store { get; } = store;

    public IEmbeddingModelCatalog Models { get; } = models;

    public CollectionOptions Options { get; } = options.Value;

    public TimeProvider Time { get; } = time;

    public DeletionClock DeletionClock { get; } = deletionClock;

    public CollectionUse Use { get; } = new(ledger);

    public LostPointFinder LostPoints { get; } = new(ledger, store);

    public CollectionRemoval Removal { get; } = new(ledger, store);

    public RetentionSweep Retention { get; } = new(ledger, store, time);

    public ILogger Logger { get; } = loggers.CreateLogger("Quiver.Collections");
}
