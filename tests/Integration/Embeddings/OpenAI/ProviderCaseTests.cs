using System.Globalization;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Providers;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;
using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>What Quiver makes of the answers of each provider, and that docs/providers.md says the same.</summary>
public sealed class ProviderCaseTests
{
    private const string Key = "sk-secret";
    private const string AnyPreset = "vllm";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Cases => new(ProviderCases.All.Select(static row => (row.Provider, row.Situation)));

    public static TheoryData<string> StandIns => [.. ProviderStandIn.All.Select(static standIn => standIn.Preset)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Answer_OfAProvider_HasItsResult(string provider, string situation)
    {
        var row = ProviderCases.All.Single(row => (row.Provider, row.Situation) == (provider, situation));
        await using var service = await ScriptedProvider.StartAsync();
        service.Answers(row.Reply);
        using var http = new ProviderHttp();
        using var generator = new OpenAIEmbeddingGenerator(ProviderFactory.CreateSettings("scripted", Options(row, service), static _ => null), http, new ManualTimeProvider());
        string[] texts = [.. Enumerable.Range(0, row.Texts).Select(static i => $"text {i}")];

        var (result, error) = await CallAsync(generator, texts);

        Assert.Equal(row.Result, result);
        Assert.All(row.Says, text => Assert.Contains(text, error!.Message, StringComparison.Ordinal));
        Assert.All(row.SaysNot, text => Assert.DoesNotContain(text, error!.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(Key, error?.ToString() ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("<html", error?.Message ?? "", StringComparison.Ordinal);
        Assert.Single(service.Requests);
    }

    [Theory]
    [MemberData(nameof(StandIns))]
    public async Task Provider_CalledByItsPreset_RefusesNothing(string preset)
    {
        string[] texts = [.. Enumerable.Range(0, 700).Select(static i => $"text {i}")];
        await using var rig = await StartAsync(preset);

        var answer = await rig.EmbedAsync(texts);
        var query = await rig.AskAsync("a question");

        ProviderRig.AssertRight(texts, answer);
        ProviderRig.AssertRight(["a question"], query);
        Assert.Equal(rig.Service.Requests.Count, rig.Service.Charged.Count);
    }

    [Theory]
    [MemberData(nameof(StandIns))]
    public async Task Provider_WithLimitsSetTooHigh_EmbedsWhatItAccepts(string preset)
    {
        var standIn = ProviderStandIn.Find(preset);
        List<string> texts = [.. Enumerable.Range(0, Math.Min(standIn.MaxInputs, 200) + 20).Select(static i => $"text {i}")];
        var tooLong = standIn.MaxTokensPerInput == int.MaxValue ? -1 : 7;
        if (tooLong >= 0)
        {
            texts[tooLong] = string.Join(' ', Enumerable.Repeat("word", standIn.MaxTokensPerInput + 1));
        }

        await using var rig = await StartAsync(preset, static options => (options.MaxInputs, options.MaxTokensPerRequest, options.MaxTokensPerInput) = (10_000, 100_000_000, 1 << 20));

        var answer = await rig.EmbedAsync(texts);

        Assert.Equal(texts.Count, answer.Count);
        Assert.All(Enumerable.Range(0, texts.Count), i => Assert.Equal(i == tooLong, EmbeddingRefusal.Find(answer[i]) is not null));
        int[] accepted = [.. Enumerable.Range(0, texts.Count).Where(i => i != tooLong)];
        ProviderRig.AssertRight([.. accepted.Select(i => texts[i])], new(accepted.Select(i => answer[i])));
    }

    [Theory]
    [MemberData(nameof(StandIns))]
    public async Task Job_OnEachProvider_StoresEverything(string preset)
    {
        const int documents = 150;
        var standIn = ProviderStandIn.Find(preset);
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Providers:scripted:Preset", preset), ("Quiver:Providers:scripted:ApiKey", ProviderStandIn.Key));
        silo.Provider.Answers(standIn.Answer);

        var report = await silo.IngestAsync(silo.Write(documents));

        Assert.True(report.Status.State == JobState.Completed, $"{report.Status.State}: {report.Status.ErrorMessage}");
        Assert.Equal((long)documents, report.Status.Counters.Stored);
        Assert.True(report.Status.Counters.EmbeddedTokens >= documents, $"{report.Status.Counters.EmbeddedTokens} tokens are counted.");
    }

    [Theory]
    [MemberData(nameof(StandIns))]
    public async Task Provider_ThatNeedsAKey_RefusesAnother(string preset)
    {
        Assert.SkipUnless(ProviderStandIn.Find(preset).NeedsKey, "It needs none.");
        await using var rig = await StartAsync(preset, static options => options.ApiKey = Key);

        var error = await Assert.ThrowsAsync<PermanentException>(() => rig.EmbedAsync(["a"]));

        Assert.Equal(ErrorCodes.ProviderDenied, error.Code);
    }

    [Fact]
    public void Presets_HaveAStandInEach() => Assert.Equal(OpenAIPresets.Names, ProviderStandIn.All.Select(static standIn => standIn.Preset).Order(StringComparer.Ordinal));

    [Fact]
    public void Documentation_HasTheSameTable() => Assert.Equal(
        ProviderCases.All.Select(static row => $"| {row.Provider} | {row.Situation} | {row.Result} |"),
        Table("| provider | the answer | what Quiver does |"));

    [Fact]
    public void Documentation_HasTheLimitsOfThePresets() => Assert.Equal(
        OpenAIPresets.Names.Select(static name => (Name: name, Preset: OpenAIPresets.Find(name)!)).Select(static row => string.Create(
            CultureInfo.InvariantCulture,
            $"| `{row.Name}` | {row.Preset.BaseAddress ?? "yours"} | {(row.Preset.KeyVariable is { } variable ? $"`{variable}`" : "none")} | {row.Preset.MaxInputs} | {row.Preset.MaxTokensPerRequest} | {row.Preset.MaxTokensPerInput} | {(row.Preset.SupportsBase64 ? "base64" : "float")} |")),
        Table("| preset | address | key variable | texts per request | tokens per request | tokens per text | vectors as |").Order(StringComparer.Ordinal));

    /// <summary>A fault in the words of the table.</summary>
    internal static string Describe(QuiverException fault) => fault switch
    {
        ProviderLimitException { Limits: { MaxInputs: { } inputs, MaxTokensPerRequest: null, MaxTokensPerInput: null } } => $"accepts at most {inputs} texts in a request",
        ProviderLimitException { Limits: { MaxInputs: null, MaxTokensPerRequest: { } tokens, MaxTokensPerInput: null } } => $"accepts at most {tokens} tokens in a request",
        ProviderLimitException { Limits: { MaxInputs: null, MaxTokensPerRequest: null, MaxTokensPerInput: { } tokens } } => $"accepts at most {tokens} tokens in a text",
        ThrottledException { Code: ErrorCodes.ProviderQuotaSpent, RetryAfter: { } wait } => $"pauses the job for {Time(wait)}",
        ThrottledException { Code: ErrorCodes.ProviderThrottled } => fault.RetryAfter is { } wait ? $"waits {Time(wait)}" : "waits, longer each time",
        TransientException => $"tries again{(fault.RetryAfter is { } wait ? $" after {Time(wait)}" : "")}, `{fault.Code}`",
        InvalidDocumentException => $"halves the request; a text that is refused alone fails, `{fault.Code}`",
        PermanentException => $"fails the job, `{fault.Code}`",
        _ => fault.ToString(),
    };

    private static async Task<(string Result, QuiverException? Error)> CallAsync(OpenAIEmbeddingGenerator generator, string[] texts)
    {
        try
        {
            var answer = await generator.GenerateAsync(texts, cancellationToken: Token);
            ProviderRig.AssertRight(texts, answer);
            return ($"stores the vectors, {(answer.Usage is null ? "and counts the tokens itself" : "with the provider's count of tokens")}", null);
        }
        catch (QuiverException error)
        {
            return (Describe(error), error);
        }
    }

    private static ProviderOptions Options(ProviderCase row, ScriptedProvider service) => new()
    {
        Preset = row.Provider == ProviderCases.Any ? AnyPreset : row.Provider,
        BaseAddress = service.Address,
        Model = "scripted",
        Dimensions = HashModel.Dimensions,
        ApiKey = Key,
    };

    private static async Task<ProviderRig> StartAsync(string preset, Action<ProviderOptions>? configure = null)
    {
        var standIn = ProviderStandIn.Find(preset);
        var rig = await ProviderRig.StartAsync(options =>
        {
            (options.Preset, options.ApiKey) = (preset, ProviderStandIn.Key);
            configure?.Invoke(options);
        });
        rig.Service.Answers(standIn.Answer);
        return rig;
    }

    private static string Time(TimeSpan time)
    {
        (double Value, string Unit)[] parts = [(Math.Floor(time.TotalHours), "h"), (time.Minutes, "min"), (time.Seconds + (time.Milliseconds / 1000.0), "s")];
        return string.Join(' ', parts.Where(static part => part.Value > 0).Select(static part => string.Create(CultureInfo.InvariantCulture, $"{part.Value:0.###} {part.Unit}")));
    }

    private static IEnumerable<string> Table(string head) =>
        SourceTree.Lines("docs/providers.md").SkipWhile(line => line != head).Skip(2).TakeWhile(static line => line.StartsWith('|'));
}
