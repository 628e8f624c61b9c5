using Orleans.Concurrency;

namespace Quiver.GrainInterfaces.Collections;

/// <summary>Makes sure that a physical collection and its payload indexes exist, once, whoever asks. Key: the physical collection's name.</summary>
[Alias("quiver.IVectorCollectionGrain")]
public interface IVectorCollectionGrain : IGrainWithStringKey
{
    /// <summary>Creates the physical collection when missing; compares one that exists with what it must be.</summary>
    /// <param name="spec">What it must be.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">
    /// With <see cref="ErrorCodes.DimensionMismatch"/> and both numbers, or <see cref="ErrorCodes.SettingsConflict"/> and the difference.
    /// </exception>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.NotSupported"/>: the store cannot do what a setting asks for.</exception>
    [Alias("Ensure"), ResponseTimeout("00:10:00")]
    Task EnsureAsync(PhysicalCollectionSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Changes how it is stored, which may take minutes and keeps nobody waiting. Harmless to repeat.</summary>
    /// <param name="changes">What changes; null members stay as they are.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>: a setting is fixed at the creation.</exception>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.NotSupported"/>: the store cannot do what a setting asks for.</exception>
    [Alias("Change"), AlwaysInterleave, ResponseTimeout("00:10:00")]
    Task ChangeAsync(StorageSettings changes, CancellationToken cancellationToken = default);

    /// <summary>Deletes it with everything in it.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    [Alias("Drop"), ResponseTimeout("00:10:00")]
    Task DropAsync(CancellationToken cancellationToken = default);
}
