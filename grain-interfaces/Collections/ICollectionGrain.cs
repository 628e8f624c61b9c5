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
    /// <exception cref="ThrottledException">With <see cref="ErrorCodes.CollectionInUse"/>: what an earlier life left is still being deleted.</exception>
    [Alias("Bind"), ResponseTimeout("00:10:00")]
    Task<CollectionBinding> BindAsync(string model, int dimensions, CancellationToken cancellationToken = default);

    /// <summary>The binding.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    [Alias("GetBinding"), AlwaysInterleave]
    Task<CollectionBinding> GetBindingAsync(CancellationToken cancellationToken = default);

    /// <summary>The collection with its counts.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    [Alias("GetInfo"), ReadOnly]
    Task<CollectionInfo> GetInfoAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// A job's generation: the next number, durable before it is returned; the first is 1. A job that asks again, because it was stopped before
    /// it could save the answer, gets the same number unless another job has taken one since.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("TakeGeneration")]
    Task<long> TakeGenerationAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Creates the collection with settings; one that exists must have them already.</summary>
    /// <param name="settings">What is wanted; null members are left to the default, and not compared when it exists.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidRequestException">A setting is out of range, or the store cannot do it.</exception>
    /// <exception cref="ConflictException">
    /// With <see cref="ErrorCodes.SettingsConflict"/> and the difference, <see cref="ErrorCodes.ModelMismatch"/>,
    /// <see cref="ErrorCodes.DimensionMismatch"/>, or <see cref="ErrorCodes.TooManyDedicated"/>.
    /// </exception>
    [Alias("Create"), ResponseTimeout("00:10:00")]
    Task<CollectionInfo> CreateAsync(CollectionSettings settings, CancellationToken cancellationToken = default);

    /// <summary>
    /// Changes settings of the collection. A change of its storage is durable before the store hears of it, is tried until it holds, and may
    /// take longer than the call, which then answers with what is still <see cref="CollectionInfo.Pending"/>.
    /// </summary>
    /// <param name="changes">What changes; null members stay as they are.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    /// <exception cref="InvalidRequestException">A setting is out of range, or the store cannot do it.</exception>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>: a setting cannot be changed; nothing was.</exception>
    [Alias("Change")]
    Task<CollectionInfo> ChangeAsync(CollectionSettings changes, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes the collection: its points, its documents in the ledger, itself. A call does what it can in about a second and is to be
    /// repeated until it says that it is done; when nobody repeats it, it goes on by itself.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>True when nothing is left.</returns>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.CollectionInUse"/> while jobs work on it.</exception>
    [Alias("Delete")]
    Task<bool> DeleteAsync(CancellationToken cancellationToken = default);
}
