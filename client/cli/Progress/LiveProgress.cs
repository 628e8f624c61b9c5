using Spectre.Console;

namespace Quiver.Cli.Progress;

/// <summary>Progress on a terminal: one line that is drawn again and again, with a bar when the total is known.</summary>
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
