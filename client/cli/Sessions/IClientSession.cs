using Quiver.Client;

namespace Quiver.Cli.Sessions;

/// <summary>One command's connection to Quiver: a silo in this process, the data directory to read it, or a server. Disposing it stops the silo, or hangs up.</summary>
public interface IClientSession : IAsyncDisposable
{
    /// <summary>The tenant's view.</summary>
    IQuiverClient Client { get; }

    /// <summary>True when a server, or another process, does the work, so that jobs go on without this one.</summary>
    bool IsServer { get; }

    /// <summary>Where, for people: "this process, data in DIR" or "the server at URL".</summary>
    string Where { get; }

    /// <summary>
    /// In process: starts no batch any more, waits for those in flight and persists the checkpoints of all jobs; the client still answers
    /// afterwards. With a server: does nothing.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task DrainAsync(CancellationToken cancellationToken);
}
