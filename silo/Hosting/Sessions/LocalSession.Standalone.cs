using Quiver.Client.Cli.Sessions;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Hosting.Reading;

namespace Quiver.Silo.Hosting.Sessions;

/// <summary>What a command without a server talks to, in the standalone edition: a silo in its own process, or the data directory itself to read it.</summary>
internal static class LocalSession
{
    /// <summary>Takes the data directory and starts the silo.</summary>
    public static async Task<IClientSession> OpenAsync(string directory, SessionRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        var held = await DataDirectoryLock.AcquireAsync(directory, "quiver", request.RunsJobs, time, cancellationToken);
        var silo = await InProcessSilo.StartAsync(held, request.RunsJobs, request.Verbose ? LogLevel.Debug : LogLevel.Critical, cancellationToken);
        return new SiloSession(silo, directory, request.Tenant);
    }

    /// <summary>Opens the data directory to read it.</summary>
    public static Task<IClientSession> OpenToReadAsync(string directory, SessionRequest request, DataDirectoryHolder? holder, TimeProvider time, CancellationToken cancellationToken) =>
        Task.FromResult<IClientSession>(ReadingSession.Open(directory, request, holder, time));
}
