namespace Quiver.Embedded.Calls;

/// <summary>A call that returns no value.</summary>
/// <param name="method">The method.</param>
/// <param name="callerToken">The caller's token.</param>
public abstract class GrainAction(CallMethod method, CancellationToken callerToken = default) : GrainCall(method, callerToken)
{
    private readonly TaskCompletionSource _response = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Response => _response.Task;

    private protected override Task Outcome => _response.Task;

    private protected override bool TrySetException(Exception error) => _response.TrySetException(error);

    private protected override bool TrySetCanceled(CancellationToken token) => _response.TrySetCanceled(token);

    private protected override bool TrySetFrom(Task task) => _response.TrySetFromTask(task);
}
