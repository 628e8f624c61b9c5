using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Quiver.Core.Embedding;

namespace Quiver.Tests.Unit.Core.Embedding;

public sealed class TelemetryEmbeddingGeneratorTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<(string Name, double Value, Dictionary<string, object?> Tags)> _measured = [];
    private readonly MeterListener _listener = new();
    private readonly RecordingGenerator _inner = new();

    public TelemetryEmbeddingGeneratorTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _measured.Add((instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value))));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _measured.Add((instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value))));
        _listener.Start();
    }

    [Fact]
    public async Task GenerateAsync_Success_RecordsDurationAndTokens()
    {
        using var generator = Create();

        await generator.GenerateAsync(["four", "by"], cancellationToken: TestContext.Current.CancellationToken);

        var tokens = Assert.Single(_measured, measured => measured.Name == "gen_ai.client.token.usage");
        Assert.Equal(6, tokens.Value);
        Assert.Equal("input", tokens.Tags["gen_ai.token.type"]);
        var duration = Assert.Single(_measured, measured => measured.Name == "gen_ai.client.operation.duration");
        Assert.Equal("test", duration.Tags["gen_ai.request.model"]);
        Assert.DoesNotContain("error.type", duration.Tags);
    }

    [Fact]
    public async Task GenerateAsync_Failure_RecordsTheErrorsCode()
    {
        _inner.Failure = new TransientException(ErrorCodes.Timeout, "later");
        using var generator = Create();

        await Assert.ThrowsAsync<TransientException>(() => generator.GenerateAsync(["x"], cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.Timeout, Assert.Single(_measured).Tags["error.type"]);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private TelemetryEmbeddingGenerator Create() => new(
        _inner, new EmbeddingModelInfo("test", "r1", 2, 100, 50), "unit", new EmbeddingInstruments(_services.GetRequiredService<IMeterFactory>()), TimeProvider.System);
}
