using System.Collections.Concurrent;
using Quiver.Core.Chunking;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Metering;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>The processors of a silo, one for each model in use: each has its own tokenizer and its own pace. Thread-safe.</summary>
/// <param name="ledger">What was stored before.</param>
/// <param name="store">Where points go.</param>
/// <param name="models">What makes vectors.</param>
/// <param name="chunkers">Makes what cuts documents for a model.</param>
/// <param name="meters">Count what is used of models.</param>
/// <param name="options">Bounds.</param>
/// <param name="time">The clock.</param>
public sealed class BatchProcessors(
    ILedger ledger, IVectorStore store, IEmbeddingModelCatalog models, Func<IEmbeddingModel, IChunker> chunkers, UsageMeters meters, JobOptions options, TimeProvider time)
{
    // As many as there are models, which the settings bound.
    private readonly ConcurrentDictionary<string, BatchProcessor> _processors = new(StringComparer.Ordinal);

    /// <summary>The processor of a batch.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.ModelUnavailable"/>: no provider of this silo has the model.</exception>
    public BatchProcessor For(BatchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = request.Model ?? request.Binding?.Model ?? models.Default.Model.Info.Id;
        return _processors.TryGetValue(id, out var known) ? known : _processors.GetOrAdd(id, Create);
    }

    private BatchProcessor Create(string id)
    {
        var model = models.FindModel(id)
            ?? throw new PermanentException(ErrorCodes.ModelUnavailable, $"No provider of this silo has the model {id}: give all silos the same settings.");
        return new BatchProcessor(ledger, store, model, chunkers(model), meters, options, time);
    }
}
