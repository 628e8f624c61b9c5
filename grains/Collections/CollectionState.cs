using Quiver.Core.Collections;
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Grains.Collections;

/// <summary>The durable state of a tenant's collection.</summary>
public sealed record CollectionState
{
    private static readonly CollectionSettings Defaults = new();

    /// <summary>Where its points are stored; null until it is bound.</summary>
    public CollectionBinding? Binding { get; init; }

    /// <summary>The settings requested when it was created or changed; null for the defaults.</summary>
    public CollectionSettings? Settings { get; init; }

    /// <summary>Requested changes that the store has not applied yet; null for none.</summary>
    public CollectionSettings? Pending { get; init; }

    /// <summary>Why the last change was refused; null when it was not.</summary>
    public string? Refusal { get; init; }

    /// <summary>True while it is being deleted; the deletion must end before anything else happens.</summary>
    public bool Deleting { get; init; }

    /// <summary>The newest generation assigned.</summary>
    public long Generation { get; init; }

    /// <summary>The job that took <see cref="Generation"/>; null when no job did since the collection was last bound.</summary>
    public JobId? GenerationJob { get; init; }

    /// <summary>The vector of the probe text by the model that filled the collection; null before the first job with a remote model.</summary>
    public string? Probe { get; init; }

    /// <summary>When it was bound.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Returns the state with changes that the store has to apply.</summary>
    internal CollectionState WithPending(CollectionSettings changes) => this with { Pending = changes, Refusal = null };

    /// <summary>Returns the state with applied changes.</summary>
    internal CollectionState WithChanged(CollectionSettings changes) =>
        this with { Settings = OrNull(CollectionSettingsChange.Merge(Settings ?? Defaults, changes)), Pending = null, Refusal = null };

    /// <summary>Returns the state without the pending changes.</summary>
    internal CollectionState WithRefused(string reason) => this with { Pending = null, Refusal = reason };

    /// <summary>Returns the state after a job took the next generation.</summary>
    internal CollectionState WithGenerationOf(JobId job) => this with { Generation = Generation + 1, GenerationJob = job };

    /// <summary>Returns null for settings without any member.</summary>
    internal static CollectionSettings? OrNull(CollectionSettings settings) => settings == Defaults ? null : settings;

    /// <summary>Returns the binding of an existing collection.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    internal CollectionBinding Require(CollectionKey key) => this is { Deleting: false, Binding: { } binding }
        ? binding
        : throw new NotFoundException(
            ErrorCodes.UnknownCollection, $"There is no collection {key.Collection} in tenant {key.Tenant}: 'quiver collections list' (GET /v1/collections) shows the existing ones.");

    /// <summary>Returns the binding with the distance that scores are measured by.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    internal CollectionBinding BindingForReaders(CollectionKey key, CollectionOptions options) =>
        Require(key) with { Distance = (Settings?.Dedicated is true ? Settings.Storage : options.SharedStorage)?.Distance };

    /// <summary>Describes an existing collection with its current counts.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    internal async Task<CollectionInfo> DescribeAsync(
        CollectionKey key, IDocumentLedger ledger, IVectorStore store, CancellationToken cancellationToken = default)
    {
        var binding = Require(key);
        var documents = await ledger.CountAsync(binding.Key, cancellationToken);
        var points = await store.CountAsync(binding.PointScope, cancellationToken);
        return Describe(documents, points) with { Index = await store.FindIndexStatusAsync(binding.PhysicalCollection, cancellationToken) };
    }

    /// <summary>Describes a bound collection.</summary>
    internal CollectionInfo Describe(DocumentTotals documents = default, long points = 0) => new()
    {
        Name = Binding!.Key.Collection,
        PhysicalCollection = Binding.PhysicalCollection,
        Model = Binding.Model,
        Dimensions = Binding.Dimensions,
        Documents = documents.Documents,
        Points = points,
        Generation = Generation,
        CreatedAt = CreatedAt,
        Settings = Settings,
        Pending = Pending,
        PendingFault = Refusal,
    };
}
