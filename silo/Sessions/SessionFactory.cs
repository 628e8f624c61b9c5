using Quiver.Cli.Sessions;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Hosting;
using Quiver.Silo.Options;
using Quiver.Silo.Sessions.Reading;

namespace Quiver.Silo.Sessions;

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
        if (request.OnlyReads)
        {
            // A command that holds the directory is no obstacle to reading it.
            var holder = await DataDirectoryLock.FindHolderAsync(directory, cancellationToken);
            if (holder?.Address is { } address)
            {
                return new ServerSession(address, request.Tenant);
            }

            var settings = LoadSettings(directory);
            return SiloProfile.IsCluster(settings)
                ? await OpenProfileAsync(directory, settings, request, cancellationToken)
                : ReadingSession.Open(directory, settings, request, holder, time);
        }

        if (await DataDirectoryLock.TryFindServerAsync(directory, time, cancellationToken) is { Address: { } found })
        {
            return new ServerSession(found, request.Tenant);
        }

        return await OpenProfileAsync(directory, LoadSettings(directory), request, cancellationToken);
    }

    private static IConfiguration LoadSettings(string directory)
    {
        var settings = QuiverSettings.Load(directory);
        UnknownSettings.Refuse(settings);
        return settings;
    }

    private Task<IClientSession> OpenProfileAsync(string directory, IConfiguration settings, SessionRequest request, CancellationToken cancellationToken) =>
        SiloProfile.Of(settings).OpenSessionAsync(directory, settings, request, time, cancellationToken);
}
