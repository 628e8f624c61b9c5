using Quiver.Client.Cli.Sessions;
using Quiver.Silo.DataDirectory;

namespace Quiver.Silo.Hosting.Sessions;

/// <summary>What a command without a server talks to, in the standalone edition: a silo in its own process.</summary>
internal static class LocalSession
{
    /// <summary>Takes the data directory and starts the silo.</summary>
    public static async Task<IClientSession> OpenAsync(string directory, SessionRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        var held = await DataDirectoryLock.AcquireAsync(directory, "quiver", time, cancellationToken);
        var silo = await InProcessSilo.StartAsync(held, request.RunsJobs, request.Verbose ? LogLevel.Debug : LogLevel.Critical, cancellationToken);
        return new SiloSession(silo, directory, request.Tenant);
    }
}
