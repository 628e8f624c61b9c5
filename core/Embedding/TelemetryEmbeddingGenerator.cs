using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding;

/// <summary>Measures and traces each call. Texts never appear in telemetry.</summary>
public sealed class TelemetryEmbeddingGenerator : DelegatingEmbeddingGenerator<string, Embedding<float>>
{
    private static readonly ActivitySource Activities = new(EmbeddingInstruments.Name);

    private readonly EmbeddingModelInfo _model;
    private readonly string _provider;
    private readonly EmbeddingInstruments _instruments;
    private readonly TimeProvider _time;

    /// <summary>Creates the decorator.</summary>
    /// <param name="inner">The model.</param>
    /// <param name="model">The model's identity.</param>
    /// <param name="provider">The provider's name in telemetry: <c>onnx</c>, <c>openai</c> …</param>
    /// <param name="instruments">The measurements.</param>
    /// <param name="time">The clock.</param>
    public TelemetryEmbeddingGenerator(
        IEmbeddingGenerator<string, Embedding<float>> inner, EmbeddingModelInfo model, string provider, EmbeddingInstruments instruments, TimeProvider time)
        : base(inner) => (_model, _provider, _instruments, _time) = (model, provider, instruments, time);

    /// <inheritdoc/>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var activity = Activities.StartActivity($"embeddings {_model.Name}", ActivityKind.Client);
        activity?.SetTag("gen_ai.operation.name", "embeddings").SetTag("gen_ai.provider.name", _provider).SetTag("gen_ai.request.model", _model.Name);
        var started = _time.GetTimestamp();
        try
        {
            var embeddings = await base.GenerateAsync(values, options, cancellationToken);
            var tokens = embeddings.Usage?.InputTokenCount ?? 0;
            activity?.SetTag("gen_ai.usage.input_tokens", tokens);
            _instruments.CallEnded(_model.Name, _provider, _time.GetElapsedTime(started), tokens, errorType: null);
            return embeddings;
        }
        catch (Exception exception)
        {
            var type = exception is QuiverException fault ? fault.Code : exception.GetType().FullName;
            activity?.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error);
            _instruments.CallEnded(_model.Name, _provider, _time.GetElapsedTime(started), 0, type);
            throw;
        }
    }
}

/// <summary>The measurements of embedding calls, with OpenTelemetry's names for generative AI clients.</summary>
public sealed class EmbeddingInstruments
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Quiver.Embedding";

    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _tokens;

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">Creates the meter and owns it.</param>
    public EmbeddingInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _duration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "Duration of an embedding call.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
        });
        _tokens = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens that an embedding call computed.", advice: new InstrumentAdvice<long>
        {
            HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576],
        });
    }

    /// <summary>Records a call that ended.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="provider">The provider's name in telemetry.</param>
    /// <param name="duration">Its duration.</param>
    /// <param name="inputTokens">Tokens computed.</param>
    /// <param name="errorType">The error's code; null for success.</param>
    public void CallEnded(string model, string provider, TimeSpan duration, long inputTokens, string? errorType)
    {
        var tags = new TagList
        {
            { "gen_ai.operation.name", "embeddings" },
            { "gen_ai.provider.name", provider },
            { "gen_ai.request.model", model },
        };
        if (errorType is null)
        {
            _tokens.Record(inputTokens, new TagList([.. tags, new("gen_ai.token.type", "input")]));
        }
        else
        {
            tags.Add("error.type", errorType);
        }

        _duration.Record(duration.TotalSeconds, tags);
    }
}
