using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Budgets;
using Quiver.Core.Embedding.Metering;
using Quiver.Core.Embedding.Providers;
using Quiver.GrainInterfaces.Providers;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;
using Quiver.Tests.Unit.Core.Embedding;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>A configured provider with all its decorators, in front of a scripted service.</summary>
internal sealed class ProviderRig : IAsyncDisposable, IBudgetLessor
{
    private readonly ProviderHttp _http = new();
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LoggerFactory _loggers;
    private ProviderBudget? _budget;

    private ProviderRig(ScriptedProvider service) => (Service, _loggers) = (service, new([Log]));

    public ScriptedProvider Service { get; }

    public MemoryCache Cache { get; private init; } = new();

    public CapturedLog Log { get; } = new();

    public EmbeddingProvider Provider { get; private set; } = null!;

    /// <summary>Counts all calls.</summary>
    public UsageMeter Meter { get; } = new(TimeProvider.System);

    public TimeProvider Time { get; private set; } = TimeProvider.System;

    public IEmbeddingGenerator<string, Embedding<float>> Generator => Provider.Model.Generator;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ProviderRig> StartAsync(Action<ProviderOptions>? configure = null, TimeProvider? time = null, MemoryCache? cache = null)
    {
        var rig = new ProviderRig(await ScriptedProvider.StartAsync()) { Cache = cache ?? new() };
        var options = new ProviderOptions
        {
            Preset = "vllm",
            BaseAddress = rig.Service.Address,
            Model = "scripted",
            Dimensions = HashModel.Dimensions,
            Attempts = 1,
            FailuresToOpen = 1000,
        };
        configure?.Invoke(options);
        Assert.Empty(ProvidersOptionsValidator.FindFaults("scripted", options));
        rig.Time = time ?? TimeProvider.System;
        var instruments = new EmbeddingInstruments(rig._meters.GetRequiredService<IMeterFactory>());
        var services = new ProviderServices("silo-1", rig, rig.Cache, instruments, rig.Time, new Random(1), rig._loggers);
        rig.Provider = ProviderFactory.Create("scripted", options, services, rig._http, _ => null);
        return rig;
    }

    public Task<GeneratedEmbeddings<Embedding<float>>> EmbedAsync(IEnumerable<string> texts, string tenant = "acme") =>
        Generator.GenerateAsync(texts, EmbeddingCallContext.ForJob(new JobKey(TenantId.Parse(tenant), JobId.Parse("job-1")), 0, Meter).ToOptions(), Token);

    /// <summary>Embeds a search query.</summary>
    public Task<GeneratedEmbeddings<Embedding<float>>> AskAsync(string query) => Generator.GenerateAsync([query], new EmbeddingCallContext(TenantId.Parse("acme")) { IsQuery = true }.ToOptions(), Token);

    public Task<BudgetGrant> LeaseAsync(string provider, BudgetAsk ask, CancellationToken cancellationToken = default)
    {
        lock (_http)
        {
            _budget ??= new ProviderBudget(Provider.Limits!, Time.GetUtcNow());
            return Task.FromResult(_budget.Lease(ask, Time.GetUtcNow()));
        }
    }

    /// <summary>Checks that every text has its own vector.</summary>
    public static void AssertRight(IReadOnlyList<string> texts, GeneratedEmbeddings<Embedding<float>> answer)
    {
        Assert.Equal(texts.Count, answer.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            var expected = HashModel.Embed(texts[i]);
            var actual = answer[i].Vector.ToArray();
            Assert.All(Enumerable.Range(0, expected.Length), place => Assert.Equal(expected[place], actual[place], 1e-5f));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        _http.Dispose();
        _loggers.Dispose();
        await _meters.DisposeAsync();
    }
}
