using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Core.Embedding;
using Quiver.Silo.Api.Health;

namespace Quiver.Silo.Hosting;

/// <summary>
/// Ready when the local model has shown that it can compute, where new collections take it. Its weights begin to load with the first probe; a
/// failed load is tried again by the next one, for who may have mended the cause. Services are not asked: they would bill it, and a silo
/// whose service is away has other work.
/// </summary>
internal sealed class ModelReadinessCheck(IServiceProvider services, ILogger<ModelReadinessCheck> logger) : IReadinessCheck
{
    private readonly Lock _lock = new();
    private Task? _loading;

    public string Name => "model";

    public ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken)
    {
        var task = Load();
        return ValueTask.FromResult(
            task.IsCompletedSuccessfully ? null
            : task.IsCompleted ? "The local model cannot be loaded; quiver doctor says why."
            : "The local model is being loaded.");
    }

    private Task Load()
    {
        lock (_lock)
        {
            if (_loading is null or { IsFaulted: true } or { IsCanceled: true })
            {
                var before = _loading;
                _loading = Task.Run(ComputeAsync);
                return before ?? _loading;
            }

            return _loading;
        }
    }

    private async Task ComputeAsync()
    {
        try
        {
            if (services.GetRequiredService<IEmbeddingModelCatalog>().Default is { IsLocal: true, Model: OnnxEmbeddingModel })
            {
                await services.GetRequiredService<OnnxEmbeddingGenerator>().GenerateAsync(["ready"]);
            }
        }
        catch (Exception e)
        {
            HostingLog.ModelNotReady(logger, e);
            throw;
        }
    }
}
