using Orleans;

namespace Quiver.Tests.Conformance.Runtime.Grains;

internal sealed class FaultGrain : Grain, IFaultGrain
{
    public Task<int> ThrowAsync(string kind) => kind switch
    {
        "own" => Task.FromException<int>(new TestStateException("own", 7)),
        "synchronous" => throw new KeyNotFoundException("synchronous"),
        "cancelled" => Task.FromException<int>(new OperationCanceledException("cancelled")),
        "several" => SeveralAsync(),
        _ => Task.FromResult(1),
    };

    public async Task RelayAsync(long other, string kind) => await GrainFactory.GetGrain<IFaultGrain>(other).ThrowAsync(kind);

    private static async Task<int> SeveralAsync()
    {
        await Task.Yield();
        await Task.WhenAll(Task.FromException(new TestStateException("first", 1)), Task.FromException(new InvalidOperationException("second")));
        return 0;
    }
}
