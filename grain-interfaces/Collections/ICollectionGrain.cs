using Orleans.Concurrency;

namespace Quiver.GrainInterfaces.Collections;

/// <summary>
/// Owns a tenant's collection: its binding to a physical collection, its generations, its deletion. Key: <see cref="CollectionKey"/>.
/// </summary>
[Alias("quiver.ICollectionGrain")]
public interface ICollectionGrain : IGrainWithStringKey
{
    /// <summary>Binds the collection to a model's physical collection, which is created if missing, and checks model and dimensions.</summary>
    /// <param name="model">The model with its revision: <c>name@revision</c>.</param>
    /// <param name="dimensions">Numbers in its vectors.</param>
    /// <param name="embedContext">Whether title and headings are embedded with each chunk; null takes the collection's setting.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">
    /// With <see cref="ErrorCodes.DimensionMismatch"/>, <see cref="ErrorCodes.ModelMismatch"/> or <see cref="ErrorCodes.SettingsConflict"/>.
    /// </exception>
    /// <exception cref="ThrottledException">With <see cref="ErrorCodes.CollectionInUse"/>: the former collection of this name is still being deleted.</exception>
    [Alias("Bind"), ResponseTimeout("00:10:00")]
    Task<CollectionBinding> BindAsync(string model, int dimensions, bool? embedContext = null, CancellationToken cancellationToken = default);

    /// <summary>Returns the binding.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    [Alias("GetBinding"), AlwaysInterleave]
    Task<CollectionBinding> GetBindingAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns the collection with its counts.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    [Alias("GetInfo"), ReadOnly]
    Task<CollectionInfo> GetInfoAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Assigns a generation to a job: the next number, durable before it is returned; the first is 1. A job that asks again, because it stopped before
    /// it saved the answer, gets the same number unless another job has taken one since.
    /// </summary>
    [Alias("TakeGeneration")]
    Task<long> TakeGenerationAsync(JobId job, CancellationToken cancellationToken = default);

    /// <summary>Returns the vector of the probe text by which another model behind the same name is noticed; null when none is stored.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    [Alias("FindProbe"), AlwaysInterleave]
    Task<string?> FindProbeAsync(CancellationToken cancellationToken = default);

    /// <summary>Stores the vector of the probe text when the collection has none yet, and returns the one that it has then.</summary>
    /// <param name="probe">The vector that the model returns now, encoded.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    [Alias("TakeProbe")]
    Task<string> TakeProbeAsync(string probe, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets the vector of the probe text: the next job with a remote model compares the model with stored chunks, and stores a new vector when
    /// it is the same model.
    /// </summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    [Alias("ResetModelCheck")]
    Task<CollectionInfo> ResetModelCheckAsync(CancellationToken cancellationToken = default);

    /// <summary>Creates the collection; an existing one must already have these settings.</summary>
    /// <param name="settings">The settings; null members take the default and are not compared with an existing collection.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidRequestException">A setting is out of range, or the store does not support it.</exception>
    /// <exception cref="ConflictException">
    /// With <see cref="ErrorCodes.SettingsConflict"/> and the difference, <see cref="ErrorCodes.ModelMismatch"/>,
    /// <see cref="ErrorCodes.DimensionMismatch"/>, or <see cref="ErrorCodes.TooManyDedicated"/>.
    /// </exception>
    [Alias("Create"), ResponseTimeout("00:10:00")]
    Task<CollectionInfo> CreateAsync(CollectionSettings settings, CancellationToken cancellationToken = default);

    /// <summary>
    /// Changes settings of the collection. A change of storage is durable before it is sent to the store, is retried until it is applied, and may
    /// take longer than the call; the answer then has it as <see cref="CollectionInfo.Pending"/>.
    /// </summary>
    /// <param name="changes">The changes; null members stay unchanged.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    /// <exception cref="InvalidRequestException">A setting is out of range, or the store does not support it.</exception>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>: a setting cannot be changed; nothing was changed.</exception>
    [Alias("Change")]
    Task<CollectionInfo> ChangeAsync(CollectionSettings changes, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes the collection: its points, its documents in the ledger, itself. A call works for about a second; repeat it
    /// until it returns true. Without further calls the deletion continues in the background.
    /// </summary>
    /// <returns>True when nothing is left.</returns>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.CollectionInUse"/> while jobs work on it.</exception>
    [Alias("Delete")]
    Task<bool> DeleteAsync(CancellationToken cancellationToken = default);
}
