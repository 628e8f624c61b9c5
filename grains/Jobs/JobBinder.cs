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
        await CheckModelAsync(model, binding, collection, cancellationToken);
        if (job.Generation <= (binding.BornAfterGeneration ?? 0))
        {
            var generation = await CallAsync(token => collection.TakeGenerationAsync(key.Job, token), cancellationToken);
            await journal.UpdateAsync(present => present.Generation == 0 ? present with { Generation = generation } : StartOver(present, generation));
        }

        return (model, binding);
    }

    /// <summary>Stops the job before it mixes vectors when another model answers under the name of the collection's remote model.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.ModelMismatch"/>.</exception>
    private async Task CheckModelAsync(IEmbeddingModel model, CollectionBinding binding, ICollectionGrain collection, CancellationToken cancellationToken)
    {
        if (!model.IsRemote || !services.ModelCheck.IsDue(binding))
        {
            return;
        }

        var probe = await steps.RunAsync("Checking the model", token => ModelCheck.EmbedAsync(model, key.Tenant, token), cancellationToken);
        if (probe is null)
        {
            JobLog.ModelNotChecked(services.Logger, key, model.Info.Id);
            return;
        }

        var stored = await CallAsync(token => collection.TakeProbeAsync(probe, token), cancellationToken);
        var provider = services.Models.Providers.FirstOrDefault(served => !served.IsLocal && served.Model.Info.Id == model.Info.Id);
        services.ModelCheck.Compare(binding, provider?.Name ?? model.Info.Name, stored, probe);
    }

    private Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        steps.RunAsync("Binding the collection", token => OrleansFaults.TranslateAsync("The collection", () => call(token)), cancellationToken);

    /// <summary>The collection was deleted since the last run: nothing before the job's checkpoint exists any more.</summary>
    private JobRecord StartOver(JobRecord job, long generation) => (job.FromTheBeginning() with { Generation = generation, Counters = JobCounters.Zero })
        .WithEvent(JobEventKind.StateChanged, services.Time.GetUtcNow(), message: "the collection was deleted meanwhile; starting from the beginning");
}
