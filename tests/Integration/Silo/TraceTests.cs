using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Quiver.Client;
using Quiver.Core.Embedding;
using Quiver.Silo.Hosting;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Silo;

/// <summary>A trace continues through the grain calls of a single silo.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Call_OfAGrain_IsInTheTraceOfItsCaller()
    {
        var token = TestContext.Current.CancellationToken;
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.StartsWith("Microsoft.Orleans", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        var seen = new SeenTrace();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IEmbeddingModel>(new HashModel());
        builder.Services.AddQuiverSilo(new ConfigurationBuilder().Build(), new SiloSettings(Directory.CreateDirectory(_folder.At("data")).FullName, RunsJobs: true));
        builder.Services.AddSingleton<IIncomingGrainCallFilter>(seen);
        using var host = builder.Build();
        await host.StartAsync(token);
        var client = host.Services.GetRequiredService<IQuiverClientFactory>().Create(TenantId.Parse("acme"));

        using var caller = new Activity("caller").Start();
        await client.GetUsageAsync(token);
        caller.Stop();

        Assert.Equal(caller.TraceId, seen.TraceId);
        await host.StopAsync(token);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private sealed class SeenTrace : IIncomingGrainCallFilter
    {
        public ActivityTraceId? TraceId { get; private set; }

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.MethodName == "GetUsageAsync")
            {
                TraceId = Activity.Current?.TraceId;
            }

            return context.Invoke();
        }
    }
}
