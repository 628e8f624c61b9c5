using Orleans.Concurrency;
using Quiver.Core.Documents;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Workers;

/// <summary>Cuts documents without storing them, outside the grain's scheduler.</summary>
[StatelessWorker(8)]
internal sealed class ChunkPreviewGrain(ChunkPreviewer previewer, BatchScheduler scheduler) : Grain, IChunkPreviewGrain
{
    public Task<ChunkPreview> PreviewAsync(ChunkPreviewRequest request, CancellationToken cancellationToken = default) =>
        scheduler.RunAsync(() => previewer.PreviewAsync(TenantId.Parse(this.GetPrimaryKeyString()), request, cancellationToken), cancellationToken);
}
