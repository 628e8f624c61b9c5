using Quiver.Cli.Sessions;
using Quiver.Client;
using Quiver.Client.Http;

namespace Quiver.Silo.Sessions;

/// <summary>A command that talks to a server.</summary>
internal sealed class ServerSession : IClientSession
{
    private readonly HttpQuiverClientFactory _clients;
    private readonly Uri _address;

    public ServerSession(Uri address, TenantId tenant)
    {
        _address = address;
        _clients = new HttpQuiverClientFactory(new QuiverHttpClientOptions { BaseAddress = address, Tenant = tenant.Value }, TimeProvider.System, Random.Shared);
        Client = _clients.Create(tenant);
    }

    public IQuiverClient Client { get; }

    public bool IsServer => true;

    public string Where => $"the server at {_address.GetLeftPart(UriPartial.Authority)}";

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _clients.Dispose();
        return ValueTask.CompletedTask;
    }
}
