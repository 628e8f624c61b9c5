using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Quiver.Tests.Conformance.Runtime.Grains;

internal sealed class StateGrain : Grain, IStateGrain
{
    private static int _activations;

    private readonly int _activation = Interlocked.Increment(ref _activations);
    private readonly IPersistentState<TestState> _state;
    private readonly Journal _journal;

    public StateGrain([PersistentState("state", RuntimeFixture.Store)] IPersistentState<TestState> state, Journal journal)
    {
        _state = state;
        _journal = journal;
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _journal.Add($"activated with {_state.State.Number}");
        return Task.CompletedTask;
    }

    public Task<string> DescribeAsync() => Task.FromResult(
        $"{_state.State.Number} {_state.State.Color} [{string.Join(",", _state.State.Names)}] {(_state.RecordExists ? "stored" : "new")} {(_state.Etag is null ? "no etag" : "etag")}");

    public Task SetAsync(int number)
    {
        _state.State.Number = number;
        _state.State.Color = TestColor.Red;
        return Task.CompletedTask;
    }

    public Task WriteAsync() => _state.WriteStateAsync();

    public Task ReadAsync() => _state.ReadStateAsync();

    public Task ClearAsync() => _state.ClearStateAsync();

    public async Task SetAndWriteAsync(int number)
    {
        await SetAsync(number);
        await _state.WriteStateAsync();
    }

    public async Task<bool> TryWriteAsync(int number)
    {
        try
        {
            await SetAndWriteAsync(number);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    public async Task WriteTwiceAtOnceAsync(int number)
    {
        await SetAsync(number);
        await Task.WhenAll(_state.WriteStateAsync(), _state.WriteStateAsync());
    }

    public Task WriteElsewhereAsync(string otherGrain, int number) => GrainFactory.GetGrain<IStateGrain>(otherGrain).SetAndWriteAsync(number);

    public Task<int> GetActivationAsync() => Task.FromResult(_activation);

    public Task DeactivateAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
