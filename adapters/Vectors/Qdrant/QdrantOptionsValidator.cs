using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Checks <see cref="QdrantOptions"/> and says of every fault at once what to change.</summary>
internal sealed class QdrantOptionsValidator : IValidateOptions<QdrantOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    // The grain calls around them wait 5 and 10 minutes: a longer timeout would never be seen.
    private static readonly TimeSpan FourMinutes = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan NineMinutes = TimeSpan.FromMinutes(9);

    public ValidateOptionsResult Validate(string? name, QdrantOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (!IsAddress(options.Address))
        {
            // The value is not repeated: somebody may have put credentials into it.
            result.AddError($"{QdrantOptions.Section}:{nameof(options.Address)} is no address: set it to something like http://localhost:6333, with neither path nor credentials in it.");
        }

        if (options.ApiKey is { } key && (key.Length == 0 || key.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            result.AddError($"{QdrantOptions.Section}:{nameof(options.ApiKey)} is empty or has characters that no header can carry: set the key, or leave the setting out.");
        }

        Check(result, nameof(options.ConnectTimeout), options.ConnectTimeout, Shortest, TimeSpan.FromMinutes(1));
        Check(result, nameof(options.ReadTimeout), options.ReadTimeout, Shortest, FourMinutes);
        Check(result, nameof(options.WriteTimeout), options.WriteTimeout, Shortest, FourMinutes);
        Check(result, nameof(options.AdminTimeout), options.AdminTimeout, TimeSpan.FromSeconds(1), NineMinutes);
        Check(result, nameof(options.MaxInFlight), options.MaxInFlight, 1, 64);
        Check(result, nameof(options.MaxRequestBytes), options.MaxRequestBytes, 65_536, 32 << 20);
        Check(result, nameof(options.RetryAttempts), options.RetryAttempts, 0, 10);
        Check(result, nameof(options.RetryBaseDelay), options.RetryBaseDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        return result.Build();
    }

    private static bool IsAddress(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.PathAndQuery == "/"
        && uri.UserInfo.Length == 0
        && uri.Fragment.Length == 0;

    private static void Check<T>(ValidateOptionsResultBuilder result, string setting, T value, T lowest, T highest)
        where T : IComparable<T>
    {
        if (value.CompareTo(lowest) < 0 || value.CompareTo(highest) > 0)
        {
            result.AddError($"{QdrantOptions.Section}:{setting} is {value}: set it from {lowest} to {highest}.");
        }
    }
}
