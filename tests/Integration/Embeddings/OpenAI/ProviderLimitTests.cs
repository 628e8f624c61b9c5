using Quiver.Core.Embedding;
using Quiver.GrainInterfaces.Providers;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>Limits that a provider's refusals show are kept and shown; a text that fails alone is no limit.</summary>
public sealed class ProviderLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task Refusals_AboveSoManyTexts_AreRememberedAfterTheFirstHalvingThatSucceeds(int status)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Service.Answers(request => request.Texts.Length > 32 ? ProviderReply.Error(status, "batch too large") : ProviderReply.Ok(request));

        ProviderRig.AssertRight(Texts("first", 256), await rig.EmbedAsync(Texts("first", 256)));
        var asked = rig.Service.Requests.Count;
        ProviderRig.AssertRight(Texts("second", 256), await rig.EmbedAsync(Texts("second", 256)));

        // 256, 128 and 64 texts were refused, and nothing afterwards.
        Assert.Equal((3 + 8, 8), (asked, rig.Service.Requests.Count - asked));
        var info = rig.Provider.Describe(isDefault: true);
        Assert.Equal((256, new LearnedLimits { MaxInputs = 32 }), (info.MaxInputs, info.Learned));
        Assert.Contains("set Quiver:Providers:scripted:MaxInputs to 32", Assert.Single(rig.Log.Lines).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_OfOneText_LowersNoLimit()
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Service.Answers(request => request.Texts.Contains("text 17") ? ProviderReply.Error(422, "poison") : ProviderReply.Ok(request));

        var answer = await rig.EmbedAsync(Texts("text", 256));

        Assert.Equal(17, answer.IndexOf(Assert.Single(answer, embedding => EmbeddingRefusal.Find(embedding) is not null)));
        Assert.Null(rig.Provider.Describe(isDefault: true).Learned);
        Assert.Empty(rig.Log.Lines);
    }

    [Fact]
    public async Task Job_WhoseProviderAcceptsFewerTexts_IsRefusedOnlyAtFirst_AndTheListShowsWhatWasLearned()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Jobs:MaxInFlight", "1"));
        var refused = 0;
        silo.Provider.Answers(request =>
        {
            if (request.Texts.Length <= 4)
            {
                return ProviderReply.Ok(request);
            }

            Interlocked.Increment(ref refused);
            return ProviderReply.Error(422, "batch size > 4");
        });

        var report = await silo.IngestAsync(silo.Write(200));

        Assert.Equal((JobState.Completed, 200L), (report.Status.State, report.Status.Counters.Stored));

        // A batch has 16 texts; with one batch at a time at the provider, only the first is refused: 16 texts, then 8.
        Assert.Equal(2, refused);
        var provider = Assert.Single(await silo.Client().ListProvidersAsync(Token), provider => provider.Name == "scripted");
        Assert.Equal(new LearnedLimits { MaxInputs = 4 }, provider.Learned);
    }

    private static string[] Texts(string word, int count) => [.. Enumerable.Range(0, count).Select(i => $"{word} {i}")];
}
