using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Quiver.Core.Embedding;

/// <summary>The measurements of embedding calls, under OpenTelemetry's names for generative AI clients.</summary>
public sealed class EmbeddingInstruments
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "Quiver.Embedding";

    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _tokens;

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">Makes the meter and owns it.</param>
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

    /// <summary>A call ended.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="provider">Who computes.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="inputTokens">What was computed.</param>
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
