using Quiver.Core.Embedding;
using Quiver.Core.Jobs;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Jobs;

/// <summary>Sends batches of a job to its workers. Thread-safe.</summary>
internal sealed class BatchDispatcher(
    JobKey key, JobJournal journal, JobServices services, WorkerSlots workers, IEmbeddingModel model, CollectionBinding? binding)
{
    private readonly (int MaxTokens, int OverlapTokens) _chunking = JobSpecValidator.Chunking(journal.Require().Spec, model.Info, services.Options);

    public async Task<BatchResult> ProcessAsync(Batch batch, ChunkCursor? from, CancellationToken cancellationToken)
    {
        var started = services.Time.GetTimestamp();
        using var activity = JobInstruments.Activities.StartActivity("quiver.batch");
        activity?.SetTag("quiver.tenant", key.Tenant.Value).SetTag("quiver.job", key.Job.Value).SetTag("quiver.batch.documents", batch.Documents.Length);
        var result = await CallWorkerAsync(CreateRequest(batch, from), cancellationToken);
        services.Instruments.BatchFinished(result.Counters, services.Time.GetElapsedTime(started));
        return result;
    }

    private BatchRequest CreateRequest(Batch batch, ChunkCursor? from)
    {
        var job = journal.Require();
        return new BatchRequest
        {
            Job = key,
            Binding = binding,
            Model = model.Info.Id,

            // The silo's share: its workers enforce it among themselves.
            MaxAtModel = model.IsRemote ? PumpSettings.ShareOf(job.Spec.MaxInFlight ?? services.Options.MaxInFlight, services.Silos.Active) : 0,
            Documents = batch.Documents,
            WasAccepted = job.Counters.Stored > 0 || job.Usage.Sum().Calls > 0,
            Sync = job.Spec.Sync,
            MaxTokens = _chunking.MaxTokens,
            OverlapTokens = _chunking.OverlapTokens,
            EmbedContext = binding?.EmbedContext ?? job.Spec.Chunking.EmbedContext ?? true,
            Strategy = job.Spec.Chunking.Strategy ?? ChunkingStrategy.Structure,
            Generation = job.Generation,
            Epoch = job.Epoch,
            DryRun = job.Spec.DryRun,
            From = from,
            JobStartedAt = job.StartedAt ?? job.CreatedAt,
        };
    }

    private async Task<BatchResult> CallWorkerAsync(BatchRequest request, CancellationToken cancellationToken)
    {
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await OrleansFaults.TranslateAsync("A worker", () => workers.UseAsync(worker => worker.ProcessAsync(request, call.Token)));
        }
        catch (TimeoutException)
        {
            // Stop the abandoned call: the next attempt needs the model that it uses.
            await call.CancelAsync();
            throw;
        }
    }
}
