namespace Quiver.Embedded.Scheduling;

/// <summary>A turn that starts an asynchronous step of the runtime; the step handles its own errors.</summary>
/// <param name="step">The step.</param>
internal sealed class AsyncTurn(Func<Task> step) : ITurn
{
    public void Execute() => _ = step();
}
