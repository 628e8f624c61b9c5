using System.CommandLine;
using System.Text;
using Quiver.Cli.Output;
using Quiver.Cli.Sessions;
using Quiver.Client.Http;

namespace Quiver.Cli.Parsing;

/// <summary>A command; created only when its name is on the command line.</summary>
internal abstract class CliCommand
{
    /// <summary>Adds arguments and options.</summary>
    public virtual void Configure(Command command)
    {
    }

    /// <summary>Runs the command.</summary>
    /// <returns>An exit code.</returns>
    public abstract Task<int> RunAsync(CommandContext context);
}

/// <summary>The parsed command line and the environment of a running command.</summary>
internal sealed class CommandContext
{
    private readonly GlobalOptions _globals;

    /// <exception cref="InvalidRequestException">A global option is invalid.</exception>
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

    public CliEnvironment Environment { get; }

    public ParseResult Parse { get; }

    public CliOutput Output { get; }

    public TenantId Tenant { get; }

    /// <summary>The address of <c>--server</c> with its user and password, or null.</summary>
    public Uri? ServerUrl { get; }

    /// <summary>The absolute path of the data directory.</summary>
    public string DataPath => DataDirectory.Resolve(Parse.GetValue(_globals.Data), Environment.CurrentDirectory, Environment.Variable);

    public bool Verbose => Parse.GetValue(_globals.Verbose);

    /// <summary>Cancelled by the first Ctrl-C or SIGTERM.</summary>
    public CancellationToken Stop => Environment.Interruption.Requested;

    /// <summary>What to print when a second signal aborts the command; null for nothing.</summary>
    public string? AbortNote { get; set; }

    /// <summary>Opens a session, which the caller disposes.</summary>
    /// <param name="runsJobs">Whether a silo in this process may run jobs.</param>
    public Task<IClientSession> OpenAsync(bool runsJobs) => OpenAsync(runsJobs, onlyReads: false);

    /// <summary>Opens a session for a command that only reads; the caller disposes it.</summary>
    public Task<IClientSession> OpenToReadAsync() => OpenAsync(runsJobs: false, onlyReads: true);

    /// <summary>A command to suggest, with the global options of this one.</summary>
    /// <param name="command">The command without the executable, such as <c>jobs resume ID</c>.</param>
    public string Hint(string command) => CommandHint.Write(
        command, Parse.GetValue(_globals.Data), ServerUrl is null ? null : ServerCredentials.Strip(ServerUrl).ToString(), Parse.GetValue(_globals.Tenant));

    private Task<IClientSession> OpenAsync(bool runsJobs, bool onlyReads) => Environment.Sessions.OpenAsync(
        new()
        {
            DataDirectory = ServerUrl is null ? DataPath : null,
            ServerUrl = ServerUrl,
            Tenant = Tenant,
            RunsJobs = runsJobs,
            OnlyReads = onlyReads,
            Verbose = Verbose,
            Purpose = UsageErrors.PathOf(Parse.CommandResult.Command),
        },
        Stop);
}

/// <summary>Writes command lines that can be pasted into a shell.</summary>
internal static class CommandHint
{
    /// <summary><c>quiver COMMAND</c> with the given global options.</summary>
    public static string Write(string command, string? data, string? server, string? tenant)
    {
        var line = new StringBuilder("quiver ").Append(command);
        Append(line, GlobalOptions.DataName, data);
        Append(line, GlobalOptions.ServerName, server);
        Append(line, GlobalOptions.TenantName, tenant);
        return line.ToString();
    }

    /// <summary>Quotes a word for the shell where needed.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':' or '=' or ',' or '@' or '+')
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static void Append(StringBuilder line, string option, string? value)
    {
        if (value is not null)
        {
            line.Append(' ').Append(option).Append(' ').Append(Quote(value));
        }
    }
}
