using Quiver.Cli.Sessions;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Options;
using Quiver.Silo.Sessions.Reading;

namespace Quiver.Silo.Sessions;

/// <summary>Opens what a command uses: the server that is named or that holds the data directory, otherwise what the settings' profile needs.</summary>
internal sealed class SessionFactory(TimeProvider time) : IClientSessionFactory
{
    public async Task<IClientSession> OpenAsync(SessionRequest request, CancellationToken cancellationToken)
    {
        if (request.ServerUrl is { } named)
        {
            return new ServerSession(named, request.Tenant);
        }

        var directory = request.DataDirectory ?? throw new ArgumentException("A session without a server needs a data directory.", nameof(request));

        // A command that only reads does not mind another command that holds the directory.
        var holder = request.OnlyReads
            ? await DataDirectoryLock.FindHolderAsync(directory, cancellationToken)
            : await DataDirectoryLock.TryFindServerAsync(directory, cancellationToken);
        if (holder?.Address is { } address)
        {
            return new ServerSession(address, request.Tenant);
        }

        var settings = QuiverSettings.Load(directory);
        return ProfileSettings.IsCluster(settings) ? await ClusterSession.OpenAsync(settings, request, cancellationToken)
            : request.OnlyReads ? ReadingSession.Open(directory, settings, request, holder, time)
            : await SiloSession.OpenAsync(directory, settings, request, time, cancellationToken);
    }
}
