using Quiver.Client.Cli.Sessions;
using Quiver.Silo.DataDirectory;

namespace Quiver.Silo.Hosting.Sessions;

/// <summary>Finds out who holds the data: a server named or found, or else this process.</summary>
internal sealed class SessionFactory(TimeProvider time) : IClientSessionFactory
{
    public async Task<IClientSession> OpenAsync(SessionRequest request, CancellationToken cancellationToken)
    {
        if (request.ServerUrl is { } named)
        {
            return new ServerSession(named, request.Tenant);
        }

        var directory = request.DataDirectory ?? throw new ArgumentException("A session without a server needs a data directory.", nameof(request));
        if (await DataDirectoryLock.TryFindServerAsync(directory, time, cancellationToken) is { Address: { } found })
        {
            return new ServerSession(found, request.Tenant);
        }

        var held = await DataDirectoryLock.AcquireAsync(directory, "quiver", time, cancellationToken);
        var silo = await InProcessSilo.StartAsync(held, request.RunsJobs, request.Verbose ? LogLevel.Debug : LogLevel.Critical, cancellationToken);
        return new SiloSession(silo, directory, request.Tenant);
    }
}
