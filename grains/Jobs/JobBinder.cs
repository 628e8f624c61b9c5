
using Quiver.Core.Embedding;
using Quiver.Core.Jobs;
using Quiver.Core.Resilience;

namespace Quiver.Grains.Jobs;

/// <summary>Ties a job to its collection, and to a generation of it.</summary>
internal sealed class JobBinder(JobKey key, JobJournal journal, JobServices services, IGrainFactory grains, JobRetry steps)
{
    /// <summary>The model of the collection, and its binding; null for a dry run into a collection that does not exist.</summary>
    public async Task<(IEmbeddingModel Model, CollectionBinding? Binding)> BindAsync(JobRecord job, CancellationToken cancellationToken)
    {
        var collection = grains.GetGrain<ICollectionGrain>(new CollectionKey(key.Tenant, job.Spec.Collection).ToString());
        var (model, found) = await AskAsync(token => CollectionModels.FindAsync(collection, services.Models, token), cancellationToken);
        if (job.Spec.DryRun)
        {
            return (model, found);
        }

        var binding = await AskAsync(token => collection.BindAsync(model.Info.Id, model.Info.Dimensions, token), cancellationToken);
        if (job.Generation <= (binding.BornAfterGeneration ?? 0))
        {
            var generation = await AskAsync(token => collection.TakeGenerationAsync(key.Job, token), cancellationToken);
            await journal.UpdateAsync(present => present.Generation == 0 ? present with { Generation = generation } : StartOver(present, generation));
        }

        return (model, binding);
    }

    private Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        steps.RunAsync("Binding the collection", token => GrainCalls.ReachAsync("The collection", () => call(token)), cancellationToken);

    /// <summary>The collection that the job wrote to was deleted meanwhile: what its checkpoint speaks of is gone.</summary>
    private JobRecord StartOver(JobRecord job, long generation) => (job.FromTheBeginning() with { Generation = generation, Counters = JobCounters.Zero })
        .WithEvent(JobEventKind.StateChanged, services.Time.GetUtcNow(), message: "the collection was deleted meanwhile; starting from the beginning");
}
