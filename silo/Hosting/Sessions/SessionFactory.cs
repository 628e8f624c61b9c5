using Quiver.Client.Cli.Sessions;
using Quiver.Silo.DataDirectory;

namespace Quiver.Silo.Hosting.Sessions;

/// <summary>Finds out who has the data: a server named or found, or else what <see cref="LocalSession"/> opens.</summary>
internal sealed class SessionFactory(TimeProvider time) : IClientSessionFactory
{
    public async Task<IClientSession> OpenAsync(SessionRequest request, CancellationToken cancellationToken)
    {
        if (request.ServerUrl is { } named)
        {
            return new ServerSession(named, request.Tenant);
        }

        var directory = request.DataDirectory ?? throw new ArgumentException("A session without a server needs a data directory.", nameof(request));
        if (request.OnlyReads)
        {
            // A command that holds the directory is no obstacle to reading it.
            var holder = await DataDirectoryLock.FindHolderAsync(directory, cancellationToken);
            return holder?.Address is { } address
                ? new ServerSession(address, request.Tenant)
                : await LocalSession.OpenToReadAsync(directory, request, holder, time, cancellationToken);
        }

        if (await DataDirectoryLock.TryFindServerAsync(directory, time, cancellationToken) is { Address: { } found })
        {
            return new ServerSession(found, request.Tenant);
        }

        return await LocalSession.OpenAsync(directory, request, time, cancellationToken);
    }
}
