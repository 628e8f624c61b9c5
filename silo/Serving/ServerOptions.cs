namespace Quiver.Silo.Serving;

/// <summary>How the server listens and stops. Section <c>Quiver:Server</c>.</summary>
public sealed class ServerOptions
{
    /// <summary>Where the settings are.</summary>
    public const string Section = "Quiver:Server";

    /// <summary>The address to listen on when nothing else is said.</summary>
    public const string DefaultUrl = "http://127.0.0.1:7700";

    /// <summary>Addresses to listen on, http or https; port 0 takes a free one. Empty for <see cref="DefaultUrl"/>. Default: empty.</summary>
    public IList<string> Urls { get; set; } = [];

    /// <summary>
    /// Whether addresses that other machines can reach are allowed; somebody must have asked for it, because nobody who connects is asked who
    /// they are. Default: false.
    /// </summary>
    public bool AllowRemote { get; set; }

    /// <summary>The longest wait for jobs to finish their batches in flight when stopping, 1 s to 10 minutes. Default: 20 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long requests in flight may go on when stopping, 0 to 1 minute; it is part of <see cref="DrainTimeout"/>. Default: 2 s.</summary>
    public TimeSpan RequestGrace { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The addresses to listen on.</summary>
    internal IEnumerable<string> EffectiveUrls => Urls.Count == 0 ? [DefaultUrl] : Urls;
}
