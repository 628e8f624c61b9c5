using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Settings of the Qdrant server, section <c>Quiver:Qdrant</c>.</summary>
public sealed class QdrantOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Quiver:Qdrant";

    /// <summary>The address of the server's gRPC API, http or https, without a path. Default: <c>http://localhost:6334</c>.</summary>
    public string Address { get; set; } = "http://localhost:6334";

    /// <summary>
    /// The address of the server's REST API, http or https, without a path. Only used to detect that the server was restarted while a job ran.
    /// Default: none, and restarts are not detected.
    /// </summary>
    public string? RestAddress { get; set; }

    /// <summary>The API key; sent as a header, never logged. Default: none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Timeout of connecting, 100 ms to 1 min. Default: 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Timeout of a read, 100 ms to 4 min. Default: 30 s.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Timeout of writing or deleting points, 100 ms to 4 min. Default: 1 min.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Timeout of creating or changing a collection, 1 s to 9 min; a change waits for running optimizations. Default: 5 min.</summary>
    public TimeSpan AdminTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Maximum writes of one physical collection in flight from this process, 1 to 64; the others wait. Default: 4.</summary>
    public int MaxInFlight { get; set; } = 4;

    /// <summary>Maximum bytes of a request with points, 65,536 to 33,554,432; a proxy before the server may have a limit. Default: 5,000,000.</summary>
    public int MaxRequestBytes { get; set; } = 5_000_000;

    /// <summary>Retries of a request after a lost connection or a server error, 0 to 10; then the job retries. Default: 2.</summary>
    public int RetryAttempts { get; set; } = 2;

    /// <summary>Delay before the first retry, 1 ms to 1 min; it doubles with each retry, with jitter. Default: 200 ms.</summary>
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);
}

/// <summary>Validates <see cref="QdrantOptions"/>; reports all errors at once.</summary>
internal sealed class QdrantOptionsValidator : IValidateOptions<QdrantOptions>
{
    private const int RestPort = 6333;

    private static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(100);

    // Grain calls time out after 5 and 10 minutes: a longer timeout would have no effect.
    private static readonly TimeSpan FourMinutes = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan NineMinutes = TimeSpan.FromMinutes(9);

    public ValidateOptionsResult Validate(string? name, QdrantOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        CheckAddresses(result, options);
        if (options.ApiKey is { } key && (key.Length == 0 || key.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            result.AddError(
                $"{QdrantOptions.Section}:{nameof(options.ApiKey)} is empty or has characters that are invalid in a header: "
                + "set the key, or remove the setting.");
        }

        Check(result, nameof(options.ConnectTimeout), options.ConnectTimeout, MinTimeout, TimeSpan.FromMinutes(1));
        Check(result, nameof(options.ReadTimeout), options.ReadTimeout, MinTimeout, FourMinutes);
        Check(result, nameof(options.WriteTimeout), options.WriteTimeout, MinTimeout, FourMinutes);
        Check(result, nameof(options.AdminTimeout), options.AdminTimeout, TimeSpan.FromSeconds(1), NineMinutes);
        Check(result, nameof(options.MaxInFlight), options.MaxInFlight, 1, 64);
        Check(result, nameof(options.MaxRequestBytes), options.MaxRequestBytes, 65_536, 32 << 20);
        Check(result, nameof(options.RetryAttempts), options.RetryAttempts, 0, 10);
        Check(result, nameof(options.RetryBaseDelay), options.RetryBaseDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        return result.Build();
    }

    private static void CheckAddresses(ValidateOptionsResultBuilder result, QdrantOptions options)
    {
        // The messages omit the values, which may contain credentials.
        if (!IsAddress(options.Address, out var address))
        {
            result.AddError(
                $"{QdrantOptions.Section}:{nameof(options.Address)} is not an address: "
                + "set it to something like http://localhost:6334, without path and credentials.");
        }
        else if (address.Port == RestPort)
        {
            result.AddError(
                $"{QdrantOptions.Section}:{nameof(options.Address)} names port {RestPort}, which is Qdrant's REST port, and Quiver uses gRPC: "
                + $"set it to the gRPC port, by default http://{address.Host}:6334, and "
                + $"{QdrantOptions.Section}:{nameof(options.RestAddress)} to http://{address.Host}:{RestPort}.");
        }

        if (options.RestAddress is { } rest && !IsAddress(rest, out _))
        {
            result.AddError(
                $"{QdrantOptions.Section}:{nameof(options.RestAddress)} is not an address: "
                + "set it to something like http://localhost:6333, without path and credentials, or remove it.");
        }
    }

    private static bool IsAddress(string address, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(address, UriKind.Absolute, out uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.PathAndQuery == "/"
        && uri.UserInfo.Length == 0
        && uri.Fragment.Length == 0;

    private static void Check<T>(ValidateOptionsResultBuilder result, string setting, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            result.AddError($"{QdrantOptions.Section}:{setting} is {value}: set it from {min} to {max}.");
        }
    }
}
