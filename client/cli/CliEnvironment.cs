
using Quiver.Cli.Doctor;
using Quiver.Cli.Serving;
using Quiver.Cli.Sessions;

namespace Quiver.Cli;

/// <summary>Everything that the command line takes from outside, so that tests can drive it in process.</summary>
public sealed record CliEnvironment
{
    private const int DefaultWidth = 100;

    /// <summary>Standard output: results. With <c>--json</c> nothing but JSON.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error: progress, notes and errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens standard input, for answers to questions; not called before there is one.</summary>
    public required Func<TextReader> In { get; init; }

    /// <summary>Opens sessions.</summary>
    public required IClientSessionFactory Sessions { get; init; }

    /// <summary>Runs the server.</summary>
    public required IServeHost Server { get; init; }

    /// <summary>The checks of <c>quiver doctor</c> for a data directory, in the order of their table.</summary>
    public required Func<string, IReadOnlyList<IDoctorCheck>> DoctorChecks { get; init; }

    /// <summary>Ctrl-C and SIGTERM.</summary>
    public required Interruption Interruption { get; init; }

    /// <summary>Clock of ages, rates and of the progress display's pace. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether <see cref="Error"/> is a terminal that can redraw a line. Default: false.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether somebody can answer questions on <see cref="In"/>. Default: false.</summary>
    public bool IsInputTerminal { get; init; }

    /// <summary>Asks for the terminal's columns, for snippets. Default: 100.</summary>
    public Func<int> Width { get; init; } = static () => DefaultWidth;

    /// <summary>What relative paths are relative to.</summary>
    public required string CurrentDirectory { get; init; }

    /// <summary>Where the executable is.</summary>
    public required string ExecutableDirectory { get; init; }

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The environment of this process. Standard output is buffered: <see cref="QuiverCli.InvokeAsync"/> flushes it.</summary>
    /// <param name="sessions">Opens sessions.</param>
    /// <param name="server">Runs the server.</param>
    /// <param name="doctorChecks">The checks of <c>quiver doctor</c>.</param>
    /// <param name="interruption">Ctrl-C and SIGTERM.</param>
    public static CliEnvironment ForConsole(
        IClientSessionFactory sessions,
        IServeHost server,
        Func<string, IReadOnlyList<IDoctorCheck>> doctorChecks,
        Interruption interruption) => new()
        {
            Out = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16) { AutoFlush = false },
            Error = Console.Error,
            In = static () => Console.In,
            Sessions = sessions,
            Server = server,
            DoctorChecks = doctorChecks,
            Interruption = interruption,
            IsErrorTerminal = !Console.IsErrorRedirected,
            IsInputTerminal = !Console.IsInputRedirected,
            Width = TerminalWidth,
            CurrentDirectory = WorkingDirectory(),
            ExecutableDirectory = AppContext.BaseDirectory,
            Variable = Environment.GetEnvironmentVariable,
        };

    /// <summary>The working directory; the root where it was deleted, so that commands without relative paths work all the same.</summary>
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
