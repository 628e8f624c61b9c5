namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>A unit of work for a database thread, with the promise of its result.</summary>
internal abstract class SqliteWork(CancellationToken cancellationToken)
{
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Runs the work and keeps its result for <see cref="Complete"/>; throws what the work throws.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>Publishes the result.</summary>
    public abstract void Complete();

    /// <summary>Publishes a failure.</summary>
    public abstract void Fail(Exception error);

    /// <summary>Publishes that the work was given up before it ran.</summary>
    public abstract void Cancel();
}

/// <summary>Work that gives a <typeparamref name="T"/>.</summary>
internal sealed class SqliteWork<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) : SqliteWork(cancellationToken)
{
    private readonly TaskCompletionSource<T> _promise = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _promise.Task;

    public override void Run(SqliteSession session) => _result = work(session);

    public override void Complete() => _promise.TrySetResult(_result!);

    public override void Fail(Exception error)
    {
        if (error is OperationCanceledException canceled)
        {
            _promise.TrySetCanceled(canceled.CancellationToken);
        }
        else
        {
            _promise.TrySetException(error);
        }
    }

    public override void Cancel() => _promise.TrySetCanceled(CancellationToken);
}
