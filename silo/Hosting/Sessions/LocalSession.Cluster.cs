using Quiver.Client.Cli.Sessions;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Hosting.Cluster;

namespace Quiver.Silo.Hosting.Sessions;

/// <summary>What a command without a server talks to, in the cluster edition: the cluster of the settings, as a client. It never becomes a silo of it.</summary>
internal static class LocalSession
{
    /// <summary>Connects to the cluster.</summary>
    /// <exception cref="TransientException">With <see cref="ErrorCodes.ServerUnavailable"/>: no silo answers.</exception>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: the settings name no cluster.</exception>
    public static async Task<IClientSession> OpenAsync(string directory, SessionRequest request, TimeProvider time, CancellationToken cancellationToken) =>
        await ClusterSession.OpenAsync(QuiverSettings.Load(directory), request, cancellationToken);

    /// <summary>Connects to the cluster, which alone has the data.</summary>
    public static Task<IClientSession> OpenToReadAsync(string directory, SessionRequest request, DataDirectoryHolder? holder, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(directory, request, time, cancellationToken);
}
