using Orleans.Concurrency;

namespace Quiver.GrainInterfaces.Collections;

/// <summary>
/// Ensures that a physical collection and its payload indexes exist; serializes concurrent requests. Key: the physical collection's name.
/// </summary>
[Alias("quiver.IVectorCollectionGrain")]
public interface IVectorCollectionGrain : IGrainWithStringKey
{
    /// <summary>Creates the physical collection if missing; compares an existing one with the spec.</summary>
    /// <param name="spec">The required properties.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">
    /// With <see cref="ErrorCodes.DimensionMismatch"/> and both numbers, or <see cref="ErrorCodes.SettingsConflict"/> and the difference.
    /// </exception>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.NotSupported"/>: the store does not support a setting.</exception>
    [Alias("Ensure"), ResponseTimeout("00:10:00")]
    Task EnsureAsync(PhysicalCollectionSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Changes its storage settings, which may take minutes; other calls interleave. Safe to repeat.</summary>
    /// <param name="changes">The changes; null members stay unchanged.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.SettingsConflict"/>: a setting cannot be changed after creation.</exception>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.NotSupported"/>: the store does not support a setting.</exception>
    [Alias("Change"), AlwaysInterleave, ResponseTimeout("00:10:00")]
    Task ChangeAsync(StorageSettings changes, CancellationToken cancellationToken = default);
}
