
using Quiver.Cli.Sessions;
using Quiver.Client;
using Quiver.Silo.Hosting;

namespace Quiver.Silo.Sessions;

/// <summary>A command on a silo in this process.</summary>
internal sealed class SiloSession(InProcessSilo silo, string dataDirectory, TenantId tenant) : IClientSession
{
    public IQuiverClient Client { get; } = silo.Clients.Create(tenant);

    public bool IsServer => false;

    public string Where => $"this process, data in {dataDirectory}";

    public Task DrainAsync(CancellationToken cancellationToken) => silo.DrainAsync(cancellationToken);

    public ValueTask DisposeAsync() => silo.DisposeAsync();
}
