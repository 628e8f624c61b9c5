
using Quiver.Cli;
using Quiver.Cli.Commands;
using Quiver.Cli.Doctor;
using Quiver.Cli.Sessions;

namespace Quiver.Tests.Unit.Cli;

/// <summary>Runs the command line in process and keeps what it said.</summary>
internal sealed class CliHarness : IServeHost
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public CliHarness(bool server = false, bool drainHangs = false, bool drainTimesOut = false) =>
        Session = new(Client, server) { DrainHangs = drainHangs, DrainTimesOut = drainTimesOut };

    public ScriptedClient Client { get; } = new();

    public ScriptedSession Session { get; }

    public Interruption Interruption { get; } = new();

    public ServeRequest? Served { get; private set; }

    public IReadOnlyList<IDoctorCheck> Checks { get; init; } = [];

    public string? Answer { get; init; }

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
        DoctorChecks = _ => Checks,
        Interruption = Interruption,
        Time = new FixedTime(),
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

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Samples.Now;

        public override long GetTimestamp() => 0;
    }
}
