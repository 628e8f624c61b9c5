using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>Another model behind the name of a collection's model stops the job before it mixes vectors.</summary>
public sealed class ProviderModelCheckTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_OtherModelBehindTheSameName_FailsBeforeItWrites_AndContinuesWithTheFormerModel()
    {
        await using var silo = await ProviderSilo.StartAsync();
        await silo.IngestAsync(silo.Write(10, "first"));
        var before = await silo.ExportAsync();
        await silo.RestartAsync();
        silo.Provider.Answers(OfOtherModel);
        silo.Provider.AnswersProbe = OfOtherModel;

        var failed = await silo.IngestAsync(silo.Write(10, "second"));
        var asked = silo.Provider.Requests.Count;
        var kept = await silo.ExportAsync();
        silo.Provider.Answers(ProviderReply.Ok);
        silo.Provider.AnswersProbe = ProviderReply.Ok;
        var last = (await silo.Client().RetryJobAsync(failed.Status.Id, Token)).LastEventSequence;
        var done = await silo.EndAsync(failed.Status.Id, after: last);

        Assert.Equal((JobState.Failed, ErrorCodes.ModelMismatch, 0L), (failed.Status.State, failed.Status.ErrorCode, failed.Status.Counters.Stored));
        Assert.Contains("Serve the former model again and retry the job, or set another Quiver:Providers:scripted:Revision", failed.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.All(silo.Provider.Requests.Take(asked), request => Assert.StartsWith("first", request.Texts[0], StringComparison.Ordinal));
        ExportedPoints.AssertSame(before, kept, "");
        Assert.Equal((JobState.Completed, 10L), (done.Status.State, done.Status.Counters.Stored));
    }

    [Fact]
    public async Task Job_ThatMirrorsAnUnchangedSource_NeedsNoProvider()
    {
        await using var silo = await ProviderSilo.StartAsync();
        var source = silo.Write(40);
        await silo.IngestAsync(source);
        await silo.RestartAsync();
        var (asked, probed) = (silo.Provider.Requests.Count, silo.Provider.Probes.Count);
        silo.Provider.Answers(static _ => ProviderReply.Error(503, "down"));
        silo.Provider.AnswersProbe = static _ => ProviderReply.Error(503, "down");

        var report = await silo.EndAsync((await silo.SubmitAsync(source, sync: SyncMode.Mirror)).Id);

        Assert.Equal((JobState.Completed, 40L), (report.Status.State, report.Status.Counters.Unchanged));
        Assert.Equal((asked, probed), (silo.Provider.Requests.Count, silo.Provider.Probes.Count));
    }

    [Fact]
    public async Task Job_FirstOneMeetsAWrongModelAndStoresNothing_LeavesNoProbe()
    {
        await using var silo = await ProviderSilo.StartAsync();
        silo.Provider.AnswersProbe = OfOtherModel;
        silo.Provider.Answers(static _ => ProviderReply.Error(401, "no"));
        await silo.IngestAsync(silo.Write(3));
        await silo.RestartAsync();
        silo.Provider.AnswersProbe = ProviderReply.Ok;
        silo.Provider.Answers(ProviderReply.Ok);
        var first = await silo.IngestAsync(silo.Write(3));
        await silo.RestartAsync();

        var second = await silo.IngestAsync(silo.Write(3, "more"));

        Assert.Equal((JobState.Completed, JobState.Completed), (first.Status.State, second.Status.State));
        Assert.Equal(3, silo.Provider.Probes.Count);
    }

    [Fact]
    public async Task Job_AfterAReset_ComparesTheModelWithStoredChunks()
    {
        await using var silo = await ProviderSilo.StartAsync();

        // With titles and headings more than the stored text is embedded, and nothing can be compared.
        await silo.Client().CreateCollectionAsync(ProviderSilo.Docs, new() { EmbedContext = false }, Token);
        await silo.IngestAsync(silo.Write(10, "first"));
        await silo.Client().ResetModelCheckAsync(ProviderSilo.Docs, Token);
        await silo.RestartAsync();
        silo.Provider.Answers(OfOtherModel);
        silo.Provider.AnswersProbe = OfOtherModel;

        var failed = await silo.IngestAsync(silo.Write(10, "second"));
        silo.Provider.Answers(ProviderReply.Ok);
        silo.Provider.AnswersProbe = ProviderReply.Ok;
        var last = (await silo.Client().RetryJobAsync(failed.Status.Id, Token)).LastEventSequence;
        var done = await silo.EndAsync(failed.Status.Id, after: last);

        Assert.Equal((JobState.Failed, ErrorCodes.ModelMismatch), (failed.Status.State, failed.Status.ErrorCode));
        Assert.Contains("for the chunks that are stored", failed.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal((JobState.Completed, 10L), (done.Status.State, done.Status.Counters.Stored));
    }

    [Fact]
    public async Task Jobs_OfOneCollection_CheckTheModelOncePerProcess()
    {
        await using var silo = await ProviderSilo.StartAsync();
        await silo.IngestAsync(silo.Write(100, "first"));
        await silo.IngestAsync(silo.Write(3, "second"));
        Assert.Single(silo.Provider.Probes);
        await silo.RestartAsync();

        await silo.IngestAsync(silo.Write(3, "third"));

        Assert.Equal(2, silo.Provider.Probes.Count);
    }

    [Fact]
    public async Task Job_ModelThatRefusesTheProbe_RunsUnchecked()
    {
        await using var silo = await ProviderSilo.StartAsync();
        silo.Provider.AnswersProbe = _ => ProviderReply.Error(400, "no digits, please");

        var report = await silo.IngestAsync(silo.Write(3));

        Assert.Equal((JobState.Completed, 3L), (report.Status.State, report.Status.Counters.Stored));
    }

    [Fact]
    public async Task DryRun_ChecksNothing()
    {
        await using var silo = await ProviderSilo.StartAsync();

        await silo.IngestAsync(silo.Write(3), dryRun: true);

        Assert.Empty(silo.Provider.Probes);
    }

    private static ProviderReply OfOtherModel(ProviderRequest request) =>
        ProviderReply.Ok(request with { Texts = [.. request.Texts.Select(text => $"another model: {text}")] });
}
