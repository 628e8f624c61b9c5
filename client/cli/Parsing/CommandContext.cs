using System.CommandLine;
using Quiver.Cli.Output;
using Quiver.Cli.Sessions;

namespace Quiver.Cli.Parsing;

/// <summary>What a running command has at hand.</summary>
internal sealed class CommandContext
{
    private readonly GlobalOptions _globals;

    /// <summary>Checks the global options.</summary>
    /// <exception cref="InvalidRequestException">One of them is wrong.</exception>
    public CommandContext(CliEnvironment environment, ParseResult parse, GlobalOptions globals, CliOutput output)
    {
        _globals = globals;
        Environment = environment;
        Parse = parse;
        Output = output;
        Tenant = TenantId.Parse(parse.GetValue(globals.Tenant) ?? GlobalOptions.DefaultTenant);
        ServerUrl = ServerAddress.Parse(parse.GetValue(globals.Server));
        if (ServerUrl is not null && parse.GetValue(globals.Data) is not null)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, "Give --data or --server, not both: a server has its own data directory.");
        }
    }

    /// <summary>The world outside.</summary>
    public CliEnvironment Environment { get; }

    /// <summary>The parsed command line.</summary>
    public ParseResult Parse { get; }

    /// <summary>Where to print.</summary>
    public CliOutput Output { get; }

    /// <summary>Whose jobs and collections.</summary>
    public TenantId Tenant { get; }

    /// <summary>The server named, or null.</summary>
    public Uri? ServerUrl { get; }

    /// <summary>The data directory, absolute.</summary>
    public string DataPath => DataDirectory.Resolve(Parse.GetValue(_globals.Data), Environment.CurrentDirectory, Environment.Variable);

    /// <summary>Whether logs are wanted.</summary>
    public bool Verbose => Parse.GetValue(_globals.Verbose);

    /// <summary>Cancelled by the first Ctrl-C.</summary>
    public CancellationToken Stop => Environment.Interruption.Requested;

    /// <summary>What to say when a second Ctrl-C makes the command leave at once; null for nothing.</summary>
    public string? FarewellWhenForced { get; set; }

    /// <summary>Opens a session; the caller disposes it.</summary>
    /// <param name="runsJobs">Whether a silo in this process may run jobs.</param>
    public Task<IClientSession> OpenAsync(bool runsJobs) => OpenAsync(runsJobs, onlyReads: false);

    /// <summary>Opens a session for a command that only reads; the caller disposes it.</summary>
    public Task<IClientSession> OpenToReadAsync() => OpenAsync(runsJobs: false, onlyReads: true);

    /// <summary>A command line for people to type next, aimed at the same data as this one.</summary>
    /// <param name="command">Without the executable, such as <c>jobs resume ID</c>.</param>
    public string Hint(string command) => CommandHint.Write(
        command, Parse.GetValue(_globals.Data), ServerUrl?.ToString(), Parse.GetValue(_globals.Tenant));

    private Task<IClientSession> OpenAsync(bool runsJobs, bool onlyReads) => Environment.Sessions.OpenAsync(
        new()
        {
            DataDirectory = ServerUrl is null ? DataPath : null,
            ServerUrl = ServerUrl,
            Tenant = Tenant,
            RunsJobs = runsJobs,
            OnlyReads = onlyReads,
            Verbose = Verbose,
        },
        Stop);
}
