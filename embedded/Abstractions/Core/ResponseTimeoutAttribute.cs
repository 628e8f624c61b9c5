using System.Globalization;

namespace Orleans;

/// <summary>How long a caller of this method waits for the response, instead of the silo's default.</summary>
/// <param name="timeout">A <see cref="TimeSpan"/> as text, such as <c>00:01:00</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
{
    /// <summary>The time to wait.</summary>
    public TimeSpan? Timeout { get; init; } = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture);
}
