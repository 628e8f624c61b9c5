using Quiver.Client.Cli.Sessions;
using Quiver.Silo.DataDirectory;

namespace Quiver.Silo.Hosting.Sessions;

/// <summary>Finds out who has the data: a server named or found, or else what the profile of the settings opens.</summary>
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

        var configuration = QuiverSettings.Load(directory);
        UnknownSettings.Refuse(configuration);
        return await SiloProfile.Of(configuration).OpenSessionAsync(directory, configuration, request, time, cancellationToken);
    }
}
