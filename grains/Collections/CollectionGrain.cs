using Quiver.Pipeline.Ledger;
using Quiver.Pipeline.Vectors;

namespace Quiver.Grains.Collections;

/// <summary>Owns a tenant's collection.</summary>
internal sealed class CollectionGrain(
    [PersistentState("collection", StreamNames.GrainStorage)] IPersistentState<CollectionState> state,
    ILedger ledger,
    IVectorStore store,
    TimeProvider time) : Grain, ICollectionGrain
{
    private static readonly ImmutableArray<JobState> Unfinished = [JobState.Queued, JobState.Running, JobState.Paused];

    private CollectionKey Key => CollectionKey.Parse(this.GetPrimaryKeyString());

    public async Task<CollectionBinding> BindAsync(string model, int dimensions, CancellationToken cancellationToken = default)
    {
        var key = Key;
        if (state.State is { Deleting: true, Binding: { } left })
        {
            await FinishDeletingAsync(left, cancellationToken);
        }

        if (state.State.Binding is { } bound)
        {
            BindingRules.RequireSame(bound, model, dimensions);
        }

        var binding = state.State.Binding ?? BindingRules.Create(key, model, dimensions);
        await GrainFactory.GetGrain<IVectorCollectionGrain>(binding.PhysicalCollection).EnsureAsync(dimensions, cancellationToken);
        if (state.State.Binding is null)
        {
            await WriteAsync(new CollectionState { Binding = binding, Generation = state.State.Generation, CreatedAt = time.GetUtcNow() });
        }

        await ledger.SaveCollectionAsync(key.Tenant, Describe(state.State, default, 0), cancellationToken);
        return binding;
    }

    public Task<CollectionBinding> GetBindingAsync(CancellationToken cancellationToken = default) => Task.FromResult(Require());

    public async Task<CollectionInfo> GetInfoAsync(CancellationToken cancellationToken = default)
    {
        var binding = Require();
        var documents = await ledger.CountAsync(binding.Key, cancellationToken);
        var points = await store.CountAsync(binding.PhysicalCollection, binding.Key, cancellationToken);
        return Describe(state.State, documents, points);
    }

    public async Task<long> NextGenerationAsync(CancellationToken cancellationToken = default)
    {
        var present = state.State;
        await WriteAsync(new CollectionState { Binding = Require(), Generation = present.Generation + 1, CreatedAt = present.CreatedAt });
        return state.State.Generation;
    }

    public async Task DeleteAsync(CancellationToken cancellationToken = default)
    {
        var binding = state.State.Binding ?? Require();
        await RequireUnusedAsync(cancellationToken);
        if (!state.State.Deleting)
        {
            // Durable first: after a stop in the middle, documents that the ledger still has must not pass for stored.
            await WriteAsync(new CollectionState { Binding = binding, Deleting = true, Generation = state.State.Generation, CreatedAt = state.State.CreatedAt });
        }

        await FinishDeletingAsync(binding, cancellationToken);
    }

    private async Task FinishDeletingAsync(CollectionBinding binding, CancellationToken cancellationToken)
    {
        await store.DeleteAllAsync(binding.PhysicalCollection, binding.Key, cancellationToken);
        await ledger.DeleteAllAsync(binding.Key, cancellationToken);
        await ledger.DeleteCollectionAsync(binding.Key, cancellationToken);

        // The generation stays: a batch of an earlier life that is still on its way must not pass for one of the next.
        await WriteAsync(new CollectionState { Generation = state.State.Generation });
    }

    private static CollectionInfo Describe(CollectionState state, DocumentTotals documents, long points) => new()
    {
        Name = state.Binding!.Key.Collection,
        PhysicalCollection = state.Binding.PhysicalCollection,
        Model = state.Binding.Model,
        Dimensions = state.Binding.Dimensions,
        Documents = documents.Documents,
        Points = points,
        Generation = state.Generation,
        CreatedAt = state.CreatedAt,
    };

    private CollectionBinding Require() => state.State is { Deleting: false, Binding: { } binding }
        ? binding
        : throw new NotFoundException(
            ErrorCodes.UnknownCollection,
            $"There is no collection {Key.Collection} in tenant {Key.Tenant}: 'quiver collections list' shows those there are.");

    private async Task RequireUnusedAsync(CancellationToken cancellationToken)
    {
        foreach (var unfinished in Unfinished)
        {
            var jobs = await ledger.ListJobsAsync(Key.Tenant, new JobListRequest { State = unfinished, Collection = Key.Collection, Limit = 1 }, cancellationToken);
            if (!jobs.Items.IsEmpty)
            {
                throw new ConflictException(
                    ErrorCodes.CollectionInUse,
                    $"Job {jobs.Items[0].Id} is {Pipeline.Jobs.JobMachine.Describe(unfinished)} and works on collection {Key.Collection}: cancel it, or wait for its end, before the collection is deleted.");
            }
        }
    }

    private async Task WriteAsync(CollectionState next)
    {
        var before = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = before;
            DeactivateOnIdle();
            throw;
        }
    }
}
