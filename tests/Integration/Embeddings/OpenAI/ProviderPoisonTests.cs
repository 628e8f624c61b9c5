using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>A text that a provider always fails with is distinguished from a provider that is down.</summary>
public sealed class ProviderPoisonTests
{
    private const string Words = "llama runner process no longer running";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("8")]
    [InlineData("1")]
    public async Task Job_OnePoisonTextAmongTwoHundred_FailsAloneInTheProvidersWords_AndTheCircuitStaysClosed(string failuresToOpen)
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Providers:scripted:FailuresToOpen", failuresToOpen));
        silo.Provider.Answers(request => IsPoisoned(request, 54) ? ProviderReply.Error(500, Words) : ProviderReply.Ok(request));

        var report = await silo.IngestAsync(silo.Write(200));

        Assert.Equal((JobState.CompletedWithWarnings, 199L, 1L), (report.Status.State, report.Status.Counters.Stored, report.Status.Counters.Failed));
        var failure = Assert.Single((await silo.Client().ListFailuresAsync(report.Status.Id, cancellationToken: Token)).Items);
        Assert.Equal(("54", ErrorCodes.RefusedText), (failure.DocumentId, failure.Code));
        Assert.Contains(Words, failure.Reason, StringComparison.Ordinal);
        Assert.Null(Assert.Single(await silo.Client().ListProvidersAsync(Token), provider => provider.Name == "scripted").Fault);

        // 16 texts, 8, 4, 2 and the text alone, three attempts each, and the text alone twice more.
        Assert.InRange(silo.Provider.Requests.Count(request => IsPoisoned(request, 54)), 3, 3 * 7);
        await foreach (var change in silo.Client().WatchJobAsync(report.Status.Id, 0, Token))
        {
            Assert.NotEqual(ErrorCodes.ProviderCircuitOpen, change.Code);
        }
    }

    [Fact]
    public async Task Job_PoisonTextInEachBatchInFlight_DoesNotDisturbAnotherJob()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Jobs:MaxFailureRatio", "1"));
        silo.Provider.Answers(request => request.Texts.Any(text => text.StartsWith("poison", StringComparison.Ordinal) && NumberOf(text) % 16 == 3)
            ? ProviderReply.Error(500, Words)
            : ProviderReply.Ok(request));
        var sick = await silo.SubmitAsync(silo.Write(64, "poison"), "sick");
        await Patience.UntilAsync(() => silo.Provider.Requests.Any(request => request.Texts[0].StartsWith("poison", StringComparison.Ordinal)), "the first job is at the provider");

        var healthy = await silo.IngestAsync(silo.Write(200, "sound"), "healthy");
        var done = await silo.EndAsync(sick.Id, "sick");

        Assert.Equal((JobState.Completed, 200L), (healthy.Status.State, healthy.Status.Counters.Stored));
        Assert.Equal((JobState.CompletedWithWarnings, 60L, 4L), (done.Status.State, done.Status.Counters.Stored, done.Status.Counters.Failed));
        await foreach (var change in silo.Client("healthy").WatchJobAsync(healthy.Status.Id, 0, Token))
        {
            Assert.NotEqual(ErrorCodes.ProviderCircuitOpen, change.Code);
        }
    }

    [Fact]
    public async Task Job_ProviderThatIsDownForAWhile_FailsNoDocument()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Jobs:MaxAttempts", "100"));
        var down = 30;
        silo.Provider.Answers(request => request.Number >= 5 && Interlocked.Decrement(ref down) >= 0 ? ProviderReply.Error(500, "out of memory") : ProviderReply.Ok(request));

        var report = await silo.IngestAsync(silo.Write(200));

        Assert.Equal((JobState.Completed, 200L, 0L), (report.Status.State, report.Status.Counters.Stored, report.Status.Counters.Failed));
        Assert.True(Volatile.Read(ref down) < 0, "The outage has not ended.");
    }

    private static bool IsPoisoned(ProviderRequest request, int number) => request.Texts.Any(text => text.Contains($"number {number} ", StringComparison.Ordinal));

    private static int NumberOf(string text) => int.Parse(text.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
}
