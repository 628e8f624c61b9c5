using System.Diagnostics;
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
    /// <param name="model">What it is.</param>
    /// <param name="provider">Who computes: <c>onnx</c>, <c>openai</c> …</param>
    /// <param name="instruments">Takes the measurements.</param>
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
        catch (Exception e)
        {
            var type = e is QuiverException error ? error.Code : e.GetType().FullName;
            activity?.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error);
            _instruments.CallEnded(_model.Name, _provider, _time.GetElapsedTime(started), 0, type);
            throw;
        }
    }
}
