using Quiver.Core.Embedding;
using Quiver.Core.Jobs;
using Quiver.Core.Resilience;

namespace Quiver.Grains.Jobs;

/// <summary>Binds a job to its collection and to a generation of it.</summary>
internal sealed class JobBinder(JobKey key, JobJournal journal, JobServices services, IGrainFactory grains, JobRetry steps)
{
    /// <summary>
    /// Returns the model and the binding of a collection. Falls back to the default model when the collection does not exist, or when no
    /// provider has its model; binding then reports the mismatch.
    /// </summary>
    public static async Task<(IEmbeddingModel Model, CollectionBinding? Binding)> FindModelAsync(
        ICollectionGrain collection, IEmbeddingModelCatalog models, CancellationToken cancellationToken)
    {
        try
        {
            var binding = await collection.GetBindingAsync(cancellationToken);
            return (models.FindModel(binding.Model) ?? models.Default.Model, binding);
        }
        catch (NotFoundException)
        {
            return (models.Default.Model, null);
        }
    }

    /// <summary>Returns the collection's model and binding; no binding for a dry run into a collection that does not exist.</summary>
    public async Task<(IEmbeddingModel Model, CollectionBinding? Binding)> BindAsync(CancellationToken cancellationToken)
    {
        var job = journal.Require();
        var collection = grains.GetGrain<ICollectionGrain>(new CollectionKey(key.Tenant, job.Spec.Collection).ToString());
        var (model, found) = await CallAsync(token => FindModelAsync(collection, services.Models, token), cancellationToken);
        if (job.Spec.DryRun)
        {
            return (model, found);
        }

        var binding = await CallAsync(token => collection.BindAsync(model.Info.Id, model.Info.Dimensions, job.Spec.Chunking.EmbedContext, token), cancellationToken);
        if (job.Generation <= (binding.BornAfterGeneration ?? 0))
        {
            var generation = await CallAsync(token => collection.TakeGenerationAsync(key.Job, token), cancellationToken);
            await journal.UpdateAsync(present => present.Generation == 0 ? present with { Generation = generation } : StartOver(present, generation));
        }

        return (model, binding);
    }

    private Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        steps.RunAsync("Binding the collection", token => OrleansFaults.TranslateAsync("The collection", () => call(token)), cancellationToken);

    /// <summary>The collection was deleted since the last run: nothing before the job's checkpoint exists any more.</summary>
    private JobRecord StartOver(JobRecord job, long generation) => (job.FromTheBeginning() with { Generation = generation, Counters = JobCounters.Zero })
        .WithEvent(JobEventKind.StateChanged, services.Time.GetUtcNow(), message: "the collection was deleted meanwhile; starting from the beginning");
}
