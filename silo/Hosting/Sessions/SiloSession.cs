using Quiver.Client;
using Quiver.Client.Cli.Sessions;

namespace Quiver.Silo.Hosting.Sessions;

/// <summary>A command on a silo in this process.</summary>
internal sealed class SiloSession(InProcessSilo silo, string dataDirectory, TenantId tenant) : IClientSession
{
    public IQuiverClient Client { get; } = silo.Clients.Create(tenant);

    public bool IsServer => false;

    public string Where => $"this process, data in {dataDirectory}";

    public Task DrainAsync(CancellationToken cancellationToken) => silo.DrainAsync(cancellationToken);

    public ValueTask DisposeAsync() => silo.DisposeAsync();
}
