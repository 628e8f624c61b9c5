using Quiver.Cli.Doctor;
using Quiver.Cli.Sessions;

namespace Quiver.Cli;

/// <summary>Everything that the command line takes from its process, so that tests can replace it.</summary>
public sealed record CliEnvironment
{
    private const int DefaultWidth = 100;

    /// <summary>Standard output: results; with <c>--json</c> only JSON.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error: progress, notes and errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens standard input; called only when a command asks a question.</summary>
    public required Func<TextReader> In { get; init; }

    /// <summary>Opens sessions.</summary>
    public required IClientSessionFactory Sessions { get; init; }

    /// <summary>Runs the server.</summary>
    public required IServeHost Server { get; init; }

    /// <summary>Shrinks data directories.</summary>
    public required ICompactHost Compact { get; init; }

    /// <summary>Repairs data directories.</summary>
    public required IRepairHost Repair { get; init; }

    /// <summary>The checks of <c>quiver doctor</c> for a data directory, in the order of its table.</summary>
    public required Func<string, IReadOnlyList<IDoctorCheck>> DoctorChecks { get; init; }

    /// <summary>Ctrl-C and SIGTERM.</summary>
    public required Interruption Interruption { get; init; }

    /// <summary>The clock of ages, rates and progress. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether <see cref="Out"/> is a terminal, where words can be emphasized unless <c>NO_COLOR</c> is set. Default: false.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal, where a progress line can be redrawn. Default: false.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether <see cref="In"/> is a terminal, where questions can be asked. Default: false.</summary>
    public bool IsInputTerminal { get; init; }

    /// <summary>The terminal's width in columns. Default: 100.</summary>
    public Func<int> Width { get; init; } = static () => DefaultWidth;

    /// <summary>The base of relative paths.</summary>
    public required string CurrentDirectory { get; init; }

    /// <summary>The directory of the executable.</summary>
    public required string ExecutableDirectory { get; init; }

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Whether escape sequences emphasize words on <see cref="Out"/>.</summary>
    internal bool EmphasizesOutput => IsOutputTerminal && string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") is not "dumb";

    /// <summary>The environment of this process. Standard output is buffered and flushed at the end of the command.</summary>
    /// <param name="sessions">Opens sessions.</param>
    /// <param name="server">Runs the server.</param>
    /// <param name="compact">Shrinks data directories.</param>
    /// <param name="repair">Repairs data directories.</param>
    /// <param name="doctorChecks">The checks of <c>quiver doctor</c>.</param>
    /// <param name="interruption">Ctrl-C and SIGTERM.</param>
    public static CliEnvironment ForConsole(
        IClientSessionFactory sessions,
        IServeHost server,
        ICompactHost compact,
        IRepairHost repair,
        Func<string, IReadOnlyList<IDoctorCheck>> doctorChecks,
        Interruption interruption) => new()
        {
            Out = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16) { AutoFlush = false },
            Error = Console.Error,
            In = static () => Console.In,
            Sessions = sessions,
            Server = server,
            Compact = compact,
            Repair = repair,
            DoctorChecks = doctorChecks,
            Interruption = interruption,
            IsOutputTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            IsInputTerminal = !Console.IsInputRedirected,
            Width = TerminalWidth,
            CurrentDirectory = WorkingDirectory(),
            ExecutableDirectory = AppContext.BaseDirectory,
            Variable = Environment.GetEnvironmentVariable,
        };

    /// <summary>The working directory, or the root when it was deleted: commands without relative paths still work.</summary>
    private static string WorkingDirectory()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            return Path.GetPathRoot(AppContext.BaseDirectory)!;
        }
    }

    private static int TerminalWidth() => Console.IsOutputRedirected ? DefaultWidth : Math.Clamp(Console.WindowWidth, 40, 200);
}
