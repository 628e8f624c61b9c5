using Microsoft.Extensions.Logging;
using Quiver.Pipeline.Collections;
using Quiver.Pipeline.Ledger;
using Quiver.Pipeline.Vectors;

namespace Quiver.Grains.Collections;

/// <summary>Owns a tenant's collection.</summary>
internal sealed class CollectionGrain(
    [PersistentState("collection", StreamNames.GrainStorage)] IPersistentState<CollectionState> state,
    ILedger ledger,
    IVectorStore store,
    TimeProvider time,
    ILogger<CollectionGrain> logger) : Grain, ICollectionGrain
{
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

        var binding = state.State.Binding
            ?? BindingRules.Create(key, model, dimensions) with { BornAfterGeneration = state.State.Generation > 0 ? state.State.Generation : null };
        await GrainFactory.GetGrain<IVectorCollectionGrain>(binding.PhysicalCollection).EnsureAsync(dimensions, cancellationToken);
        var lost = await new LostPoints(ledger, store).InvalidateAsync(binding, cancellationToken);
        if (lost > 0)
        {
            CollectionLog.PointsLost(logger, key, lost);
        }

        // The ledger may outlive this state: with a lower generation than its rows have, no changed document would be stored.
        var generation = Math.Max(state.State.Generation, await ledger.FindNewestGenerationAsync(key, cancellationToken));
        if (state.State.Binding is null || generation != state.State.Generation)
        {
            var createdAt = state.State.Binding is null ? time.GetUtcNow() : state.State.CreatedAt;
            await WriteAsync(new CollectionState { Binding = binding, Generation = generation, CreatedAt = createdAt });
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
        await new CollectionUse(ledger).RequireNoneAsync(Key, "deleted", cancellationToken);
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
