using Quiver.Client;
using Quiver.Client.Http;

namespace Quiver.Tests.Support;

/// <summary><c>quiver serve</c> as a process of its own, with a client that does not wait for a server that is gone.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private readonly HttpQuiverClientFactory _clients;

    private ServeProcess(QuiverProcess process, Uri address)
    {
        Process = process;
        Address = address;
        _clients = new(
            new QuiverHttpClientOptions { BaseAddress = address, RetryAttempts = 0, WatchGiveUpAfter = TimeSpan.Zero }, TimeProvider.System, new Random(1));
        Client = ClientOf("default");
    }

    public QuiverProcess Process { get; }

    public Uri Address { get; }

    public IQuiverClient Client { get; }

    public static QuiverProcess Launch(string home, string data, IEnumerable<KeyValuePair<string, string>>? environment = null) =>
        QuiverProcess.Start(home, ["serve", "--data", data, "--urls", "http://127.0.0.1:0"], environment);

    public static async Task<ServeProcess> StartAsync(string home, string data, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var process = Launch(home, data, environment);
        try
        {
            var line = await process.LineAsync(process.Out, static line => line.StartsWith("Quiver serves ", StringComparison.Ordinal), "address");
            return new(process, new Uri(line.Split(' ', ',')[2]));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public IQuiverClient ClientOf(string tenant) => _clients.Create(TenantId.Parse(tenant));

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await Process.DisposeAsync();
    }
}
