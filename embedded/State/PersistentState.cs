using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Quiver.Embedded.Activations;

namespace Quiver.Embedded.State;

/// <summary>
/// A grain's record. Operations of one record run one after the other; a write stores the state as it is when the store is called,
/// which is within the caller's turn unless another operation is still running.
/// </summary>
/// <typeparam name="T">The state's type.</typeparam>
internal sealed class PersistentState<T>(Activation activation, string name, IGrainStorage storage) : IPersistentState<T>, IActivationState
{
    private readonly GrainState<T> _record = new();
    private Task _last = Task.CompletedTask;
    private bool _loaded;

    public T State
    {
        get => Loaded.State!;
        set => Loaded.State = value ?? throw new ArgumentNullException(nameof(value), "A grain's state is never null; clear it instead.");
    }

    public string? Etag => Loaded.ETag;

    public bool RecordExists => Loaded.RecordExists;

    private GrainState<T> Loaded => _loaded ? _record : throw new InvalidOperationException("State has not yet been loaded.");

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ClearStateAsync(CancellationToken cancellationToken) =>
        RunAsync("clearing", token => storage.ClearStateAsync(name, activation.GrainId, _record, token), cancellationToken);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task WriteStateAsync(CancellationToken cancellationToken) =>
        RunAsync("writing", token => storage.WriteStateAsync(name, activation.GrainId, _record, token), cancellationToken);

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) =>
        RunAsync("reading", token => storage.ReadStateAsync(name, activation.GrainId, _record, token), cancellationToken);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await ReadStateAsync(cancellationToken);
        _loaded = true;
    }

    private Task RunAsync(string operation, Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        activation.ThrowIfDead();
        return _last = RunAfterAsync(_last, operation, action, cancellationToken);
    }

    private async Task RunAfterAsync(Task previous, string operation, Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        // The failure of the operation before belongs to whoever started that one.
        if (!previous.IsCompleted) await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await action(cancellationToken);
        }
        catch (InconsistentStateException error)
        {
            activation.NoteConflict(error);
            throw;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new OrleansException($"Error from storage provider {storage.GetType().Name} while {operation} '{name}' of {activation.GrainId}: {error.Message}", error);
        }
    }
}
