
using Quiver.Cli.Sessions;
using Quiver.Client;

namespace Quiver.Tests.Unit.Cli;

internal sealed class ScriptedSession(ScriptedClient client, bool isServer) : IClientSession, IClientSessionFactory
{
    private readonly TaskCompletionSource _never = new();

    public IQuiverClient Client => client;

    public bool IsServer => isServer;

    public string Where => isServer ? "the server at http://127.0.0.1:7700" : "this process, data in /tmp/q";

    public SessionRequest? Opened { get; private set; }

    public bool Disposed { get; private set; }

    /// <summary>Whether draining lasts until it is given up.</summary>
    public bool DrainHangs { get; init; }

    /// <summary>Whether draining takes longer than it may.</summary>
    public bool DrainTimesOut { get; init; }

    public TaskCompletionSource Draining { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IClientSession> OpenAsync(SessionRequest request, CancellationToken cancellationToken)
    {
        Opened = request;
        return Task.FromResult<IClientSession>(this);
    }

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        client.Calls.Enqueue("drain");
        Draining.TrySetResult();
        if (DrainTimesOut)
        {
            throw new TimeoutException("The operation has timed out.");
        }

        if (DrainHangs)
        {
            await _never.Task;
        }
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
