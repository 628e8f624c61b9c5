using System.Diagnostics;
using Orleans;

namespace Quiver.Tests.Conformance.Runtime.Grains;

internal sealed class TurnGrain(Journal journal) : Grain, ITurnGrain
{
    private int _inside;
    private int _violations;

    public Task RunAsync(string name) => PassAsync(name);

    public Task ReadAsync(string name) => PassAsync(name);

    public Task InterleaveAsync(string name) => PassAsync(name);

    public Task FireAsync(string name) => PassAsync(name);

    public async Task FireAndFailAsync(string name)
    {
        await PassAsync(name);
        throw new InvalidOperationException(name);
    }

    public Task RunBrieflyAsync(string name) => PassAsync(name);

    public async Task RunCancellableAsync(string name, CancellationToken cancellationToken = default)
    {
        journal.Add($"{name}<");
        var scheduler = TaskScheduler.Current;
        var gate = journal.PassAsync(name).WaitAsync(cancellationToken);
        await using var registration = cancellationToken.Register(() => journal.Add(TaskScheduler.Current == scheduler ? $"{name} in turn" : $"{name} out of turn"));
        try
        {
            await gate;
        }
        finally
        {
            journal.Add($"{name}>");
        }
    }

    public Task RunDeafAsync(string name, CancellationToken cancellationToken = default) => PassAsync(name);

    public Task StartBackgroundAsync(string name)
    {
        _ = BackgroundAsync(name, TaskScheduler.Current);
        return Task.CompletedTask;
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

    public async Task<bool> StaysOnSchedulerAsync()
    {
        var scheduler = TaskScheduler.Current;
        var stays = scheduler != TaskScheduler.Default;
        await Task.Yield();
        stays &= TaskScheduler.Current == scheduler;
        await Task.Run(() => { }, CancellationToken.None);
        stays &= TaskScheduler.Current == scheduler;
        await GrainFactory.GetGrain<ITurnGrain>("another").NothingAsync();
        stays &= TaskScheduler.Current == scheduler;
        return stays && await Task.Run(() => TaskScheduler.Current == TaskScheduler.Default);
    }

    public async Task CallAsync(string other, string name)
    {
        journal.Add($"{name}<");
        await GrainFactory.GetGrain<ITurnGrain>(other).CallAsync(this.GetPrimaryKeyString(), name + "'");
        journal.Add($"{name}>");
    }

    public Task CallSelfAsync() => this.AsReference<ITurnGrain>().NothingAsync();

    public Task NothingAsync() => Task.CompletedTask;

    public Task<string> WhoAmIAsync() => Task.FromResult(this.GetPrimaryKeyString());

    public async Task IntroduceToAsync(string other) => journal.Add(await GrainFactory.GetGrain<ITurnGrain>(other).AskAsync(this));

    public Task<string> AskAsync(ITurnGrain other) => Task.FromResult(other is Grain ? "a grain itself" : $"a reference to {other.GetPrimaryKeyString()}");

    public async Task<string?> TraceAsync()
    {
        await Task.Yield();
        return Activity.Current?.TraceId.ToString();
    }

    public Task StartTracingTimerAsync(TimeSpan due)
    {
        this.RegisterGrainTimer(
            () =>
            {
                journal.Add(Activity.Current is null ? "tick without trace" : "tick in a trace");
                return Task.CompletedTask;
            },
            due,
            Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    private async Task PassAsync(string name)
    {
        journal.Add($"{name}<");
        await journal.PassAsync(name);
        journal.Add($"{name}>");
    }

    private async Task BackgroundAsync(string name, TaskScheduler scheduler)
    {
        await PassAsync(name);
        journal.Add(TaskScheduler.Current == scheduler ? $"{name} in turn" : $"{name} out of turn");
    }
}
