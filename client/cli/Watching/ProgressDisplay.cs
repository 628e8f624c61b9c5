using Quiver.Cli.Output;
using Spectre.Console;

namespace Quiver.Cli.Watching;

/// <summary>Shows progress while an operation runs.</summary>
internal interface IProgressDisplay
{
    /// <summary>Runs the operation and shows the progress that it reports; removes the display at the end.</summary>
    Task RunAsync(ProgressSnapshot first, Func<Action<ProgressSnapshot>, Task> work);
}

/// <summary>Progress on a terminal: one line that is redrawn, with a bar when the total is known.</summary>
internal sealed class LiveProgress(TextWriter terminal) : IProgressDisplay
{
    private const int BarWidth = 10;

    public Task RunAsync(ProgressSnapshot first, Func<Action<ProgressSnapshot>, Task> work)
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(terminal) });
        return console.Status()
            .Spinner(Spinner.Known.Dots)
            .StartAsync(Draw(first), context => work(progress => context.Status = Draw(progress)));
    }

    private static string Draw(ProgressSnapshot progress)
    {
        var line = Markup.Escape(ProgressLine.Write(progress));
        if (progress.Percent is not { } percent)
        {
            return line;
        }

        var done = percent * BarWidth / 100;
        return $"[green]{new string('━', done)}[/][grey]{new string('━', BarWidth - done)}[/] {line}";
    }
}

/// <summary>Progress in pipes and logs: a line at each change of state, otherwise at most one per second.</summary>
internal sealed class PlainProgress(CliOutput output, TimeProvider time) : IProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private long _shownAt;

    public Task RunAsync(ProgressSnapshot first, Func<Action<ProgressSnapshot>, Task> work)
    {
        Show(first);
        return work(progress =>
        {
            if (progress.IsNews || time.GetElapsedTime(_shownAt) >= Interval)
            {
                Show(progress);
            }
        });
    }

    private void Show(ProgressSnapshot progress)
    {
        _shownAt = time.GetTimestamp();
        output.Note(ProgressLine.Write(progress));
    }
}
