using Microsoft.Extensions.Options;

namespace Quiver.Client.Http;

/// <summary>The server that a client connects to, its timeouts and its retries.</summary>
public sealed class QuiverHttpClientOptions
{
    /// <summary>
    /// The server's absolute http or https address, such as <c>http://127.0.0.1:7700</c>. Required. A user and password in it are sent as Basic
    /// authentication, for a proxy in front of the server that asks for it; percent-encode their special characters.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>The tenant of the registered <see cref="IQuiverClient"/>. Default: <c>default</c>.</summary>
    public string Tenant { get; set; } = "default";

    /// <summary>Timeout of a connection attempt, 100 ms to 1 minute. Default: 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Timeout of one attempt of a request, 100 ms to 10 minutes. Default: 60 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Timeout of long requests (verify, export of a job, changes and deletion of a collection), 1 s to 24 hours. Default: 1 hour.</summary>
    public TimeSpan LongRequestTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Retries of a repeatable request after a lost connection or a 502, 503 or 504, 0 to 10. Default: 4.</summary>
    public int RetryAttempts { get; set; } = 4;

    /// <summary>The first retry delay, 1 ms to 10 s; it doubles with each attempt, with jitter. Default: 200 ms.</summary>
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest retry delay, 1 ms to 5 minutes. Default: 5 s.</summary>
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a silent event stream counts as connected, 1 s to 10 minutes; keep it above the server's 15 s heartbeat. Default: 45 s.</summary>
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long a watch keeps reconnecting without success, 0 to 24 hours. Default: 60 s.</summary>
    public TimeSpan WatchGiveUpAfter { get; set; } = TimeSpan.FromSeconds(60);
}

/// <summary>Reports every invalid option at once.</summary>
internal sealed class QuiverHttpClientOptionsValidator : IValidateOptions<QuiverHttpClientOptions>
{
    public ValidateOptionsResult Validate(string? name, QuiverHttpClientOptions options)
    {
        var faults = new OptionFaults();
        if (options.BaseAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            faults.Add($"BaseAddress is '{ServerCredentials.HideIn($"{options.BaseAddress}")}': set it to the server's absolute http or https address.");
        }

        if (!NameValidator.IsValid(options.Tenant))
        {
            faults.Add($"Tenant is '{options.Tenant}': use 1 to {NameValidator.MaxLength} letters, digits, '.', '_' or '-', starting with a letter or digit.");
        }

        faults.Range(nameof(options.RetryAttempts), options.RetryAttempts, 0, 10);
        faults.Range(nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        faults.Range(nameof(options.RequestTimeout), options.RequestTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        faults.Range(nameof(options.LongRequestTimeout), options.LongRequestTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
        faults.Range(nameof(options.RetryBaseDelay), options.RetryBaseDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        faults.Range(nameof(options.RetryMaxDelay), options.RetryMaxDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));
        faults.Range(nameof(options.StreamIdleTimeout), options.StreamIdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        faults.Range(nameof(options.WatchGiveUpAfter), options.WatchGiveUpAfter, TimeSpan.Zero, TimeSpan.FromHours(24));
        if (options.RetryMaxDelay < options.RetryBaseDelay)
        {
            faults.Add($"RetryMaxDelay ({options.RetryMaxDelay}) is below RetryBaseDelay ({options.RetryBaseDelay}): raise it.");
        }

        return faults.ToResult();
    }
}
