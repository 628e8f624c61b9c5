using System.ComponentModel.DataAnnotations;

namespace Quiver.Silo.Options;

/// <summary>How the server listens and stops: section <c>Quiver:Server</c>.</summary>
public sealed class ServerOptions : IValidatableObject
{
    /// <summary>The section.</summary>
    public const string Section = "Quiver:Server";

    /// <summary>The default address.</summary>
    public const string DefaultUrl = "http://127.0.0.1:7700";

    /// <summary>Addresses to listen on, http or https; port 0 takes a free port. Empty: <see cref="DefaultUrl"/>. Default: empty.</summary>
    public IList<string> Urls { get; set; } = [];

    /// <summary>
    /// Whether the server may listen on addresses that other machines can reach. The server does not authenticate its callers, so an operator has
    /// to allow this explicitly. Default: false.
    /// </summary>
    public bool AllowRemote { get; set; }

    /// <summary>Maximum time that a stopping server waits for jobs to finish their batches in flight, 1 s to 10 minutes. Default: 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Time that a stopping server gives requests in flight, 0 to 1 minute; part of <see cref="DrainTimeout"/>. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RequestGrace { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The addresses to listen on.</summary>
    internal IEnumerable<string> EffectiveUrls => Urls.Count == 0 ? [DefaultUrl] : Urls;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var fault in EffectiveUrls.Select(url => ListenAddress.FindFault(url, AllowRemote)).OfType<string>())
        {
            yield return new ValidationResult(fault, [nameof(Urls)]);
        }

        if (RequestGrace >= DrainTimeout)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(RequestGrace)} is {RequestGrace}: set it below {nameof(DrainTimeout)} ({DrainTimeout}).", [nameof(RequestGrace)]);
        }
    }
}
