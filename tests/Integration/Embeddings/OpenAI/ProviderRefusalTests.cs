using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>A provider that refuses everything is not treated as a poisonous document.</summary>
public sealed class ProviderRefusalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_ProviderThatRefusesEverything_FailsEarlyWithItsWords_AndGoesOnWhenThatIsMended()
    {
        const int documents = 3000;
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Jobs:MaxFailureRatio", "1"));
        silo.Provider.Answers(_ => ProviderReply.Error(400, "Unknown parameter: encoding_format"));

        var failed = await silo.IngestAsync(silo.Write(documents));
        var asked = silo.Provider.Requests.Count;
        silo.Provider.Answers(ProviderReply.Ok);
        var last = (await silo.Client().RetryJobAsync(failed.Status.Id, Token)).LastEventSequence;
        var done = await silo.EndAsync(failed.Status.Id, after: last);

        Assert.Equal((JobState.Failed, ErrorCodes.RefusedText), (failed.Status.State, failed.Status.ErrorCode));
        Assert.Contains("Unknown parameter: encoding_format", failed.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.InRange(asked, 16, documents / 4);
        Assert.Equal((JobState.Completed, (long)documents, 0L), (done.Status.State, done.Status.Counters.Stored, done.Status.Counters.Failed));
    }

    [Fact]
    public async Task Job_PoisonAtItsVeryBeginning_FailsThoseDocumentsOnly()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Jobs:BatchDocuments", "1"), ("Quiver:Jobs:MaxInFlight", "1"));
        silo.Provider.Answers(request => request.Texts.Any(text => IsPoison(text, 15)) ? ProviderReply.Error(400, "poison") : ProviderReply.Ok(request));

        var report = await silo.IngestAsync(silo.Write(400));

        Assert.Equal((JobState.CompletedWithWarnings, 15L, 385L), (report.Status.State, report.Status.Counters.Failed, report.Status.Counters.Stored));
    }

    [Fact]
    public async Task Job_ThatWasAcceptedAtFirst_IsReadToItsEnd()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Jobs:BatchDocuments", "1"), ("Quiver:Jobs:MaxInFlight", "1"), ("Quiver:Jobs:MaxFailureRatio", "1"));
        silo.Provider.Answers(request => request.Texts.Any(text => !IsPoison(text, 3)) ? ProviderReply.Error(400, "poison") : ProviderReply.Ok(request));

        var report = await silo.IngestAsync(silo.Write(100));

        Assert.Equal((JobState.CompletedWithWarnings, 97L, 3L), (report.Status.State, report.Status.Counters.Failed, report.Status.Counters.Stored));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(422)]
    public async Task Job_FirewallThatRefusesATextWithAPage_FailsAsAWhole_AndNoDocumentOfIt(int status)
    {
        await using var silo = await ProviderSilo.StartAsync();
        var page = new ProviderReply { Status = status, Body = "<html><head><title>Request Rejected</title></head></html>" }.With(("Content-Type", "text/html"));
        silo.Provider.Answers(request => request.Texts.Any(text => text.Contains("number 17 ", StringComparison.Ordinal)) ? page : ProviderReply.Ok(request));

        var failed = await silo.IngestAsync(silo.Write(60));
        silo.Provider.Answers(ProviderReply.Ok);
        var last = (await silo.Client().RetryJobAsync(failed.Status.Id, Token)).LastEventSequence;
        var done = await silo.EndAsync(failed.Status.Id, after: last);

        Assert.Equal((JobState.Failed, ErrorCodes.ProviderUnavailable, 0L), (failed.Status.State, failed.Status.ErrorCode, failed.Status.Counters.Failed));
        Assert.Contains("Request Rejected", failed.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal((JobState.Completed, 60L, 0L), (done.Status.State, done.Status.Counters.Stored, done.Status.Counters.Failed));
    }

    private static bool IsPoison(string text, int below) => int.Parse(text.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture) < below;
}
