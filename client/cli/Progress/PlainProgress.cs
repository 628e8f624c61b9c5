
using Quiver.Cli.Output;

namespace Quiver.Cli.Progress;

/// <summary>Progress for pipes and logs: a line on each change of state, and at most one a second in between.</summary>
internal sealed class PlainProgress(CliOutput output, TimeProvider time) : IProgressDisplay
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private long _shownAt;

    public Task RunAsync(ProgressSnapshot first, Func<Action<ProgressSnapshot>, Task> work)
    {
        Show(first);
        return work(progress =>
        {
            if (progress.IsNews || time.GetElapsedTime(_shownAt) >= Pace)
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
