using Microsoft.Extensions.Logging.Abstractions;
using Quiver.Core.Chunking;
using Quiver.Core.Documents;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Metering;
using Quiver.Core.Jobs;
using Quiver.Core.Vectors;
using Quiver.GrainInterfaces.Workers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Documents;

/// <summary>A batch processor over in-memory ports.</summary>
internal sealed class BatchRig
{
    public const string Physical = "quiver_hash_8d";

    public BatchRig()
    {
        Ledger = new MemoryLedger(Faults);
        Store = new MemoryVectorStore(Faults);
    }

    public FaultSwitch Faults { get; } = new();

    public MemoryLedger Ledger { get; }

    public MemoryVectorStore Store { get; }

    public HashModel Model { get; } = new();

    public JobOptions Options { get; } = new() { MaxChunksPerCall = 16 };

    public ManualTimeProvider Time { get; } = new();

    public UsageMeters Meters { get; } = new(TimeProvider.System);

    public CollectionKey Scope { get; init; } = CollectionKey.Parse("acme/docs");

    public JobKey Job { get; init; } = JobKey.Parse("acme/job-1");

    public CollectionBinding Binding => new() { Key = Scope, PhysicalCollection = Physical, Model = Model.Info.Id, Dimensions = HashModel.Dimensions };

    public BatchProcessor CreateProcessor(IEmbeddingModel? model = null, IChunker? chunker = null) => new(
        Ledger,
        Store,
        model ?? Model,
        chunker ?? new LineChunker(),
        Meters,
        new ModelCheck(new MemoryModelProbes(), Store, EmbeddingModelCatalog.Of(Model), Time, NullLogger<ModelCheck>.Instance),
        Options,
        Time);

    public BatchRequest Request(
        IEnumerable<Document> items,
        SyncMode sync = SyncMode.Update,
        long generation = 1,
        long epoch = 1,
        bool dryRun = false,
        DateTimeOffset? startedAt = null) => new()
        {
            Job = Job,
            Binding = Binding,
            Documents = [.. items],
            Sync = sync,
            MaxTokens = 16,
            OverlapTokens = 0,
            Generation = generation,
            Epoch = epoch,
            DryRun = dryRun,
            JobStartedAt = startedAt ?? Time.GetUtcNow(),
        };

    /// <summary>Processes a batch to its end, call by call, and adds up.</summary>
    public async Task<JobCounters> ProcessAsync(BatchRequest request)
    {
        var sum = JobCounters.Zero;
        var processor = CreateProcessor();
        while (true)
        {
            var result = await processor.ProcessAsync(request, TestContext.Current.CancellationToken);
            sum = sum.Add(result.Counters);
            if (result.NextDocument is not { } next)
            {
                return sum with { EmbeddedTexts = Meters.Read(Job).Total.Texts };
            }

            request = request with { Documents = request.Documents[next..], From = result.NextChunk };
        }
    }

    public Task<JobCounters> ProcessAsync(params Document[] items) => ProcessAsync(Request(items));

    /// <summary>Every point as <c>document#chunk=text</c>, by document and chunk.</summary>
    public IReadOnlyList<string> Points(CollectionKey? scope = null) =>
        [.. Stored(scope).Select(point => $"{point.Payload.DocumentId}#{point.Payload.Chunk}={point.Payload.Text}")];

    public IReadOnlyList<VectorPoint> Stored(CollectionKey? scope = null) =>
        [.. Store.All(Physical, scope ?? Scope).OrderBy(point => point.Payload.DocumentId, StringComparer.Ordinal).ThenBy(point => point.Payload.Chunk)];

    public async Task<IReadOnlyList<FailedDocument>> FailuresAsync() =>
        (await Ledger.ListFailuresAsync(Job, null, 1000, TestContext.Current.CancellationToken)).Items;

    public async Task<Quiver.Core.Ledger.DocumentRecord?> RowAsync(string id) =>
        (await Ledger.FindAsync(Scope, [id], TestContext.Current.CancellationToken)).GetValueOrDefault(id);
}
