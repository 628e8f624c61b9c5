namespace Quiver.Cli.Progress;

/// <summary>Shows progress while something runs.</summary>
internal interface IProgressDisplay
{
    /// <summary>Runs the work and shows what it reports; the display is gone when this returns.</summary>
    Task RunAsync(ProgressSnapshot first, Func<Action<ProgressSnapshot>, Task> work);
}
