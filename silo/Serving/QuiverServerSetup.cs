using Quiver.Silo.DataDirectory;

namespace Quiver.Silo.Serving;

/// <summary>What a server is made of.</summary>
public sealed record QuiverServerSetup
{
    /// <summary>Settings; the sections <c>Quiver:Server</c>, <c>Quiver:Api</c>, <c>Quiver:Telemetry</c>, and <c>Kestrel</c> for certificates.</summary>
    public required IConfiguration Configuration { get; init; }

    /// <summary>
    /// Registers the silo: its hosted services, which start before the server listens and stop after it has stopped, and the
    /// <see cref="Quiver.Client.IQuiverClientFactory"/> behind the API.
    /// </summary>
    public required Action<IServiceCollection> AddSilo { get; init; }

    /// <summary>Changes to the settings, such as those of the command line.</summary>
    public Action<ServerOptions>? Configure { get; init; }

    /// <summary>The held data directory, where the address is published; null publishes nothing.</summary>
    public DataDirectoryLock? Directory { get; init; }

    /// <summary>Sets up logging; null for JSON on standard output as <c>Quiver:Telemetry</c> says.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }
}
