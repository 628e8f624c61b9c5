using Microsoft.Extensions.Diagnostics.HealthChecks;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Core.Embedding;
using Quiver.Core.Vectors;

namespace Quiver.Silo.Hosting;

/// <summary>
/// Healthy when the local model has computed an embedding for any caller, if new collections use it. The first probe starts loading the weights unless they
/// are loaded; a failed load is tried again by the next probe. Remote providers are not probed: they would bill it, and a silo without its provider has other work.
/// </summary>
internal sealed class ModelReadinessCheck(IServiceProvider services, ILogger<ModelReadinessCheck> logger) : IHealthCheck
{
    private readonly Lock _lock = new();
    private Task? _loading;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Jobs and searches load the model too, long before the first probe perhaps.
        if (services.GetService<LocalModelReadiness>() is { IsReady: true })
        {
            return Task.FromResult(HealthCheckResult.Healthy());
        }

        var task = Load();
        return Task.FromResult(
            task.IsCompletedSuccessfully ? HealthCheckResult.Healthy()
            : task.IsCompleted ? HealthCheckResult.Unhealthy("The local model cannot be loaded: the server's log and 'quiver doctor' name the reason.")
            : HealthCheckResult.Unhealthy("The local model is being loaded."));
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
        catch (Exception exception)
        {
            HostingLog.ModelNotReady(logger, exception);
            throw;
        }
    }
}

/// <summary>Healthy while the vector store answers.</summary>
internal sealed class VectorStoreReadinessCheck(IVectorStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.DescribeAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The vector store does not answer in time.");
        }
        catch (QuiverException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Code switch
            {
                ErrorCodes.AccessDenied => "The vector store refuses the credentials.",
                ErrorCodes.NotSupported => "The vector store is too old.",
                _ => "The vector store cannot be reached.",
            });
        }
    }
}

/// <summary>Healthy while files can be written in the data directory: a full disk stops every job.</summary>
internal sealed class DataDirectoryReadinessCheck(SiloSettings settings) : IHealthCheck
{
    private readonly Lock _lock = new();
    private Task _probe = Task.CompletedTask;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // A disk that hangs must not hold up the other checks.
            await Probe().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The disk of the data directory does not answer in time.");
        }
        catch (QuiverException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Code == ErrorCodes.StorageFull
                ? "The disk of the data directory is full: free space. Jobs pause with storage_full and continue when they are resumed."
                : "The data directory cannot be written; the server's log and 'quiver doctor' name the reason.");
        }
    }

    /// <summary>One attempt at a time: on a disk that hangs, each would block a thread.</summary>
    private Task Probe()
    {
        lock (_lock)
        {
            return _probe.IsCompleted ? _probe = Task.Run(() => WriteProbe.Run(settings.DataDirectory)) : _probe;
        }
    }
}

/// <summary>Healthy while no file of the data directory is missing, and none was found damaged when it was read.</summary>
internal sealed class DamageReadinessCheck(DirectoryManifest manifest) : IHealthCheck
{
    private const int MaxSentences = 3;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await Task.Run(manifest.NoteMissing, cancellationToken);
        return manifest.Damage is { Count: > 0 } damage
            ? HealthCheckResult.Unhealthy($"{string.Join(' ', damage.Take(MaxSentences))} Stop the server, then run 'quiver repair' on its data directory.")
            : HealthCheckResult.Healthy();
    }
}

/// <summary>Healthy while the cluster's database answers, has space, and no table of it was emptied.</summary>
internal sealed class ClusterDatabaseReadinessCheck(ClusterDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var emptied = await TableMarks.FindEmptiedAsync(database, cancellationToken);
            if (database.IsFull)
            {
                await database.ProbeWriteAsync(cancellationToken);
            }

            return emptied.Count == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"Tables of the cluster's database were emptied: {string.Join(", ", emptied)}. {TableMarks.Advice}");
        }
        catch (OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The cluster's database does not answer in time.");
        }
        catch (QuiverException exception)
        {
            return HealthCheckResult.Unhealthy(
                exception.Code == ErrorCodes.StorageFull ? "The disk of the cluster's database is full: free space on it."
                : exception.Kind == FaultKind.Transient ? "The cluster's database cannot be reached."
                : "The cluster's database refuses the connection.");
        }
    }
}
