using Orleans.Concurrency;

namespace Quiver.GrainInterfaces.Collections;

/// <summary>Owns a tenant's collection: its binding to a physical collection, its generations, its end. Key: <see cref="CollectionKey"/>.</summary>
[Alias("quiver.ICollectionGrain")]
public interface ICollectionGrain : IGrainWithStringKey
{
    /// <summary>Binds the collection to a model's physical collection, which is created when missing, and checks the dimension contract.</summary>
    /// <param name="model">The model with its revision: <c>name@revision</c>.</param>
    /// <param name="dimensions">Numbers in its vectors.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DimensionMismatch"/> or <see cref="ErrorCodes.ModelMismatch"/>.</exception>
    [Alias("Bind")]
    Task<CollectionBinding> BindAsync(string model, int dimensions, CancellationToken cancellationToken = default);

    /// <summary>The binding.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    [Alias("GetBinding"), ReadOnly]
    Task<CollectionBinding> GetBindingAsync(CancellationToken cancellationToken = default);

    /// <summary>The collection with its counts.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    [Alias("GetInfo"), ReadOnly]
    Task<CollectionInfo> GetInfoAsync(CancellationToken cancellationToken = default);

    /// <summary>The next generation, durable before it is returned; the first is 1.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("NextGeneration")]
    Task<long> NextGenerationAsync(CancellationToken cancellationToken = default);

    /// <summary>Deletes the collection: its points, its documents in the ledger, itself.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.CollectionInUse"/> while jobs work on it.</exception>
    [Alias("Delete")]
    Task DeleteAsync(CancellationToken cancellationToken = default);
}
