using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Bench.Inputs;
using Quiver.Client;
using Quiver.Core.Embedding;
using Quiver.Silo.Hosting;
using Quiver.Silo.Options;

namespace Quiver.Bench.Ingest;

/// <summary>A silo as a command runs it, on its own data directory, optionally with vectors that cost nothing.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private BenchSilo(ServiceProvider services) => _services = services;

    public IQuiverClient Client => _services.GetRequiredService<IQuiverClientFactory>().Create(TenantId.Parse("bench"));

    /// <summary>Starts a silo with the model loaded.</summary>
    public static async Task<BenchSilo> StartAsync(string dataDirectory, bool trivialVectors)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddQuiverSilo(QuiverSettings.Load(dataDirectory), new SiloSettings(dataDirectory, RunsJobs: true));
        if (trivialVectors)
        {
            services.AddSingleton<IEmbeddingModel, TrivialModel>();
        }

        var silo = new BenchSilo(services.BuildServiceProvider());
        foreach (var service in silo._services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        if (!trivialVectors)
        {
            await silo._services.GetRequiredService<OnnxEmbeddingGenerator>().GenerateAsync(["warm up"]);
        }

        return silo;
    }

    /// <summary>Ingests a file from submission to the last event and returns its final status.</summary>
    public async Task<JobStatus> IngestAsync(string path, DocumentFormat format)
    {
        var submitted = await Client.SubmitAsync(new JobSpec
        {
            Tenant = Client.Tenant,
            Collection = CollectionName.Parse("bench"),
            Source = new SourceSpec { Kind = SourceKinds.Of([path]), Paths = [path], Format = format, IdField = "id" },
        });
        await foreach (var _ in Client.WatchJobAsync(submitted.Id))
        {
            // Ends with the job.
        }

        var status = await Client.GetJobAsync(submitted.Id);
        return status.State == JobState.Completed ? status : throw new InvalidOperationException($"The job ended as {status.State}: {status.ErrorMessage}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>().Reverse())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
    }
}
