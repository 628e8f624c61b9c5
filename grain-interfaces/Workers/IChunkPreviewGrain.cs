namespace Quiver.GrainInterfaces.Workers;

/// <summary>Cuts documents into chunks without storing them. Stateless; key: the tenant.</summary>
[Alias("quiver.IChunkPreviewGrain")]
public interface IChunkPreviewGrain : IGrainWithStringKey
{
    /// <summary>Cuts a file.</summary>
    /// <exception cref="InvalidRequestException">The request is out of range.</exception>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.ModelMismatch"/>: no provider has the model.</exception>
    [Alias("Preview")]
    Task<ChunkPreview> PreviewAsync(ChunkPreviewRequest request, CancellationToken cancellationToken = default);
}
