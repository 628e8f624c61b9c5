namespace Quiver.Core.Collections;

/// <summary>Where collections' points are, and which model made them. Thread-safe.</summary>
public interface ICollectionBindings
{
    /// <summary>A collection's binding.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    Task<CollectionBinding> GetAsync(CollectionKey collection, CancellationToken cancellationToken = default);
}
