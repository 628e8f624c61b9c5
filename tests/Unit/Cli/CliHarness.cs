using Quiver.Cli;
using Quiver.Cli.Commands;
using Quiver.Cli.Doctor;
using Quiver.Cli.Sessions;
using Quiver.Client;

namespace Quiver.Tests.Unit.Cli;

/// <summary>Runs the command line in process and records its output.</summary>
internal sealed class CliHarness : IServeHost, ICompactHost, IRepairHost
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public CliHarness(bool server = false, bool drainHangs = false, bool drainTimesOut = false) =>
        Session = new(Client, server) { DrainHangs = drainHangs, DrainTimesOut = drainTimesOut };

    public ScriptedClient Client { get; } = new();

    public ScriptedSession Session { get; }

    public Interruption Interruption { get; } = new();

    public ServeRequest? Served { get; private set; }

    /// <summary>The directory that was compacted.</summary>
    public string? Compacted { get; private set; }

    /// <summary>The directory that was repaired, and whether only in a dry run.</summary>
    public (string Directory, bool DryRun)? Repaired { get; private set; }

    /// <summary>What the repair finds.</summary>
    public ImmutableArray<RepairedStore> Damage { get; init; } = [];

    public IReadOnlyList<IDoctorCheck> Checks { get; init; } = [];

    public string? Answer { get; init; }

    public bool IsOutputTerminal { get; init; }

    public string CurrentDirectory { get; init; } = "/here";

    public string ExecutableDirectory { get; init; } = "/opt/quiver";

    public Dictionary<string, string> Variables { get; } = new() { ["HOME"] = "/home/ada" };

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public Task<int> RunAsync(params string[] args) => QuiverCli.InvokeAsync(args, new()
    {
        Out = _out,
        Error = _error,
        In = () => new StringReader(Answer ?? ""),
        Sessions = Session,
        Server = this,
        Compact = this,
        Repair = this,
        DoctorChecks = _ => Checks,
        Interruption = Interruption,
        Time = new FixedTime(),
        IsOutputTerminal = IsOutputTerminal,
        IsInputTerminal = Answer is not null,
        CurrentDirectory = CurrentDirectory,
        ExecutableDirectory = ExecutableDirectory,
        Variable = name => Variables.GetValueOrDefault(name),
    });

    public Task RunAsync(ServeRequest request, CancellationToken cancellationToken)
    {
        Served = request;
        request.Started(request.Urls);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<CompactedStore>> RunAsync(string directory, CancellationToken cancellationToken)
    {
        Compacted = directory;
        return Task.FromResult<ImmutableArray<CompactedStore>>(
            [new("ledger", $"{directory}/ledger.db", 5_000_000, 20_480), new("embedding cache", $"{directory}/cache/embeddings.db", 351L << 20, 190L << 20)]);
    }

    public Task<ImmutableArray<RepairedStore>> RunAsync(string directory, bool dryRun, CancellationToken cancellationToken)
    {
        Repaired = (directory, dryRun);
        return Task.FromResult(Damage);
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Samples.Now;

        public override long GetTimestamp() => 0;
    }
}

internal sealed class ScriptedSession(ScriptedClient client, bool runsJobsElsewhere) : IClientSession, IClientSessionFactory
{
    private readonly TaskCompletionSource _never = new();

    public IQuiverClient Client => client;

    public bool RunsJobsElsewhere => runsJobsElsewhere;

    public string Where => runsJobsElsewhere ? "the server at http://127.0.0.1:7700" : "this process, data in /tmp/q";

    public SessionRequest? Opened { get; private set; }

    public bool Disposed { get; private set; }

    /// <summary>Whether a drain never ends.</summary>
    public bool DrainHangs { get; init; }

    /// <summary>Whether a drain times out.</summary>
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
