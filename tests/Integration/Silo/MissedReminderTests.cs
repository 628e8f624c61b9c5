using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Reminders;
using Orleans.TestingHost;
using Quiver.Client;
using Quiver.Core.Embedding;
using Quiver.Silo.Hosting;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Silo;

/// <summary>What reminders should have done while no process ran is done at the next start.</summary>
public sealed class MissedReminderTests : IDisposable
{
    private static readonly CollectionName Docs = CollectionName.Parse("docs");

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = ManualTimeProvider.FiringOnPool();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Retention_DueWhileNoProcessRan_IsMadeUpForAtTheStart()
    {
        var source = _folder.Write("data.jsonl", """{"id":"1","text":"one"}""" + "\n");
        await RunAsync(async client =>
        {
            await client.CreateCollectionAsync(Docs, new() { RetainFor = TimeSpan.FromMinutes(10) }, Token);
            var job = await client.SubmitAsync(new() { Tenant = client.Tenant, Collection = Docs, Source = new() { Paths = [source], IdField = "id" } }, Token);
            await Patience.UntilAsync(async () => (await client.GetJobAsync(job.Id, Token)).State == JobState.Completed, "the document is stored");
            Assert.Equal(1, (await client.GetCollectionAsync(Docs, Token)).Documents);
        });

        // Longer than documents are kept, and past the reminder's time.
        _time.Advance(TimeSpan.FromMinutes(121));

        // The clock hardly moves from here on: the grains' timers fire, and no reminder comes due.
        var next = _time.GetUtcNow() + TimeSpan.FromMinutes(10);
        await RunAsync(client => Patience.UntilAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(10));
                return (await client.GetCollectionAsync(Docs, Token)).Documents == 0;
            },
            "the document is deleted"));
        Assert.True(_time.GetUtcNow() < next);
    }

    private async Task RunAsync(Func<IQuiverClient, Task> use)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IEmbeddingModel>(new HashModel());
        builder.Services.AddQuiverSilo(new ConfigurationBuilder().Build(), new SiloSettings(Directory.CreateDirectory(_folder.At("data")).FullName, RunsJobs: true));
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
        builder.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, _time);
        using var host = builder.Build();
        await host.StartAsync(Token);
        await use(host.Services.GetRequiredService<IQuiverClientFactory>().Create(TenantId.Parse("acme")));
        await host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
