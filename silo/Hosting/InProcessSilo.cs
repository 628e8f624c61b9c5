using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Client;
using Quiver.Core.Embedding;
using Quiver.Core.Jobs;
using Quiver.Grains;
using Quiver.Grains.Jobs;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Options;
using Quiver.Silo.Telemetry;

namespace Quiver.Silo.Hosting;

/// <summary>A silo in this process without a web server. A command uses it when no server holds the data directory.</summary>
internal sealed class InProcessSilo : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly DataDirectoryLock _directory;
    private readonly List<IHostedService> _started = [];

    private InProcessSilo(ServiceProvider services, DataDirectoryLock directory)
    {
        _services = services;
        _directory = directory;
    }

    public IServiceProvider Services => _services;

    public IQuiverClientFactory Clients => _services.GetRequiredService<IQuiverClientFactory>();

    /// <summary>Starts a silo. It owns the lock, and releases it also when the start fails.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: settings are not valid; names everything that is
    /// wrong.</exception>
    public static async Task<InProcessSilo> StartAsync(
        DataDirectoryLock directory, IConfiguration configuration, bool runsJobs, LogLevel logLevel, CancellationToken cancellationToken)
    {
        InProcessSilo? silo = null;
        try
        {
            var services = new ServiceCollection();
            services.AddLogging(logging => logging.AddQuiverLogging(configuration, toStandardError: true, logLevel));
            services.AddQuiverTelemetry(configuration);
            services.AddQuiverSilo(configuration, new SiloSettings(directory.Directory, runsJobs));
            silo = new InProcessSilo(services.BuildServiceProvider(), directory);
            await silo.StartAsync(runsJobs, cancellationToken);
            return silo;
        }
        catch (Exception exception) when (SettingsValidation.Describe(exception) is { } message)
        {
            await DisposeAsync(silo, directory);
            throw SettingsValidation.Invalid(message, exception);
        }
        catch
        {
            await DisposeAsync(silo, directory);
            throw;
        }
    }

    /// <summary>Starts no new batch, waits for batches in flight and checkpoints every job. The client still answers.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) =>
        _services.GetRequiredService<JobLifetime>().DrainAsync(
            _services.GetRequiredService<IOptions<JobOptions>>().Value.DrainTimeout,
            _services.GetRequiredService<TimeProvider>(),
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            for (var i = _started.Count - 1; i >= 0; i--)
            {
                await StopAsync(_started[i]);
            }

            _started.Clear();
            await _services.DisposeAsync();
        }
        finally
        {
            await _directory.DisposeAsync();
        }
    }

    /// <summary>A service that fails to stop must not keep the others from stopping.</summary>
    private async Task StopAsync(IHostedService service)
    {
        try
        {
            await service.StopAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            HostingLog.NotStopped(_services.GetRequiredService<ILogger<InProcessSilo>>(), exception, service.GetType().Name);
        }
    }

    private static ValueTask DisposeAsync(InProcessSilo? silo, DataDirectoryLock directory) => silo?.DisposeAsync() ?? directory.DisposeAsync();

    /// <summary>
    /// Prepares, on a thread beside the start of the silo, what the first job needs: the local model's vocabulary and weights, and the metadata of
    /// the grains' state.
    /// </summary>
    private Task WarmUpAsync() => Task.Factory.StartNew(
        () =>
        {
            if (_services.GetRequiredService<IEmbeddingModelCatalog>().Default.IsLocal)
            {
                _services.GetRequiredService<OnnxEmbeddingGenerator>().WarmUp();
            }

            GrainStateJson.WarmUp();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private async Task StartAsync(bool runsJobs, CancellationToken cancellationToken)
    {
        SettingsValidation.Validate(_services);
        var warmUp = runsJobs ? WarmUpAsync() : Task.CompletedTask;
        try
        {
            foreach (var service in _services.GetServices<IHostedService>())
            {
                if (service is JobResumer)
                {
                    // A model that cannot be read must end the start before any job is resumed and fails for it.
                    await warmUp;
                }

                // Added before it starts, so that a failed or cancelled start is stopped as well.
                _started.Add(service);
                await service.StartAsync(cancellationToken);
            }
        }
        finally
        {
            await warmUp.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await warmUp;
    }
}
