using Orleans;
using Orleans.Concurrency;

namespace Quiver.Tests.Conformance.Runtime.Grains;

[Reentrant]
internal sealed class ReentrantTurnGrain(Journal journal) : Grain, IReentrantTurnGrain
{
    private int _inside;
    private int _violations;

    public async Task RunAsync(string name)
    {
        journal.Add($"{name}<");
        await journal.PassAsync(name);
        journal.Add($"{name}>");
    }

    public async Task<int> CountTurnsAsync(int spins)
    {
        for (var i = 0; i < spins; i++)
        {
            if (Interlocked.Increment(ref _inside) != 1) Interlocked.Increment(ref _violations);
            Thread.SpinWait(50);
            Interlocked.Decrement(ref _inside);
            await Task.Yield();
        }

        return _violations;
    }

    public Task CallSelfAsync() => this.AsReference<IReentrantTurnGrain>().CountTurnsAsync(1);
}
