namespace Quiver.Grains.Collections;

/// <summary>A tenant's collection, durable.</summary>
public sealed class CollectionState
{
    /// <summary>Where its points live; null until it is bound.</summary>
    public CollectionBinding? Binding { get; set; }

    /// <summary>What was asked for when it was created or changed; null for the defaults.</summary>
    public CollectionSettings? Settings { get; set; }

    /// <summary>What is to be changed together with the store, and is not known to hold yet; null for nothing.</summary>
    public CollectionSettings? Pending { get; set; }

    /// <summary>Why the last change was refused; null when it was not.</summary>
    public string? Refusal { get; set; }

    /// <summary>True from the begin of its deletion to the end: what is left must go before anything else happens.</summary>
    public bool Deleting { get; set; }

    /// <summary>The newest generation given out.</summary>
    public long Generation { get; set; }

    /// <summary>The job that took <see cref="Generation"/>; null when none did in this life of the collection.</summary>
    public JobId? GenerationJob { get; set; }

    /// <summary>When it was bound.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}
