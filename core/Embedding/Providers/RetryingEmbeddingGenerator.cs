using Microsoft.Extensions.AI;
using Quiver.Core.Resilience;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// Tries a request again after a passing fault, a few times and for a short while: the other requests of the call are under way meanwhile.
/// An outage is not waited out here; the job's own schedule does that, batch by batch. Throttling is never tried again here.
/// </summary>
internal sealed class RetryingEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, int attempts, RetrySchedule schedule, TimeProvider time)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <summary>No attempt begins later than this after the first: a call must be over before whoever waits for it gives up.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        var started = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await base.GenerateAsync(texts, options, cancellationToken);
            }
            catch (QuiverException e) when (e.Kind == FaultKind.Transient && attempt < attempts)
            {
                var delay = e.RetryAfter ?? schedule.Delay(attempt);
                if (time.GetElapsedTime(started) + delay > Window)
                {
                    throw;
                }

                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }
}
