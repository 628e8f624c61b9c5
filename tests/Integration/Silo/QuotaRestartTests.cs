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

/// <summary>A job that waits for its provider's quota continues in the process that runs when the quota resets.</summary>
public sealed class QuotaRestartTests : IDisposable
{
    private static readonly CollectionName Docs = CollectionName.Parse("docs");

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = ManualTimeProvider.FiringOnPool();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Job_ProcessThatEndsDuringThePause_ContinuesInTheNextOneWhenTheQuotaResets()
    {
        var source = _folder.Write("data.jsonl", """{"id":"1","text":"one"}""" + "\n");
        var model = new HashModel();
        model.Faults.Enqueue(new ThrottledException(ErrorCodes.ProviderQuotaSpent, "The quota of the day is used up.") { RetryAfter = TimeSpan.FromHours(8) });
        JobStatus? paused = null;
        await RunAsync(model, async client =>
        {
            var job = await client.SubmitAsync(new() { Tenant = client.Tenant, Collection = Docs, Source = new() { Paths = [source], IdField = "id" } }, Token);
            await Patience.UntilAsync(async () => (paused = await client.GetJobAsync(job.Id, Token)).State == JobState.Paused, "the job pauses");
        });
        _time.Advance(TimeSpan.FromHours(7));

        JobStatus? done = null;
        await RunAsync(new HashModel(), async client =>
        {
            Assert.Equal(JobState.Paused, (await client.GetJobAsync(paused!.Id, Token)).State);
            await Patience.UntilAsync(
                async () =>
                {
                    _time.Advance(TimeSpan.FromSeconds(10));
                    return (done = await client.GetJobAsync(paused.Id, Token)).State == JobState.Completed;
                },
                "the job continues by itself");
        });

        Assert.Equal(ErrorCodes.ProviderQuotaSpent, paused!.ErrorCode);
        Assert.Equal((1L, null), (done!.Counters.Stored, done.ResumesAt));
        Assert.True(_time.GetUtcNow() >= paused.ResumesAt, $"It continued before {paused.ResumesAt}.");
    }

    private async Task RunAsync(HashModel model, Func<IQuiverClient, Task> use)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IEmbeddingModel>(model);
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
