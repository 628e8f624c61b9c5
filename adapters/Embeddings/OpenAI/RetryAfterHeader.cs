using System.Globalization;
using System.Net.Http.Headers;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>Reads how long a service asks to wait.</summary>
internal static class RetryAfterHeader
{
    private const string Milliseconds = "retry-after-ms";

    /// <summary>The wait: in milliseconds where the service says so, in seconds, or until a date. Null when it does not say; never negative.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.TryGetValues(Milliseconds, out var values)
            && double.TryParse(values.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds is >= 0 and < int.MaxValue)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        var wait = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - now);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
