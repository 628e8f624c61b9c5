using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quiver.Client;
using Quiver.Client.Cluster;

namespace Quiver.Tests.Cluster;

/// <summary>The program of docs/cluster.md; a test compares the two.</summary>
internal static class SampleProgram
{
    public static async Task RunAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddQuiverClusterClient(options => options.ConnectionString = args[0]); // the silos' database
        using var host = builder.Build();
        await host.StartAsync();
        var quiver = host.Services.GetRequiredService<IQuiverClientFactory>().Create(TenantId.Parse("default"));
        var notes = CollectionName.Parse("notes");

        var folder = new SourceSpec { Paths = [args[1]] }; // which all silos see
        var job = await quiver.SubmitAsync(new JobSpec { Tenant = quiver.Tenant, Collection = notes, Source = folder });
        await foreach (var step in quiver.WatchJobAsync(job.Id))
        {
            Console.WriteLine($"{step.State}: {step.Counters.Documents} documents");
        }

        foreach (var hit in (await quiver.SearchAsync(notes, new SearchRequest { Query = "how do I resume a job" })).Hits)
        {
            Console.WriteLine($"{hit.Score:0.000} {hit.DocumentId}:{hit.StartLine} {hit.Text}");
        }

        await host.StopAsync();
    }
}
