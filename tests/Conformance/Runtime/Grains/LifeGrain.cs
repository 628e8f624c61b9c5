using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace Quiver.Tests.Conformance.Runtime.Grains;

/// <summary>Keys say what is special: "fails once" fails its first activation, "stubborn" waits in deactivation, "caller" calls a worker there.</summary>
internal sealed class LifeGrain(Journal journal, LifeGrain.Numbers numbers) : Grain, ILifeGrain
{
    private int _number;
    private IGrainTimer? _timer;

    private string Key => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _number = numbers.Next(Key);
        journal.Add($"{Key}+{_number}");
        if (Key == "fails once" && _number == 1)
        {
            await journal.PassAsync("activation");
            throw new TestStateException("activation", 1);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Add($"{Key}-{_number} {reason.ReasonCode}");
        if (Key == "stubborn") await journal.PassAsync("deactivation");
        if (Key == "throwing") throw new TestStateException("deactivation", 2);
        if (Key == "caller") journal.Add($"worker says {await GrainFactory.GetGrain<IWorkerGrain>(0).WorkAsync("last")}");
    }

    public Task<int> TouchAsync() => Task.FromResult(_number);

    public async Task RunAsync(string name)
    {
        journal.Add($"{name}<");
        await journal.PassAsync(name);
        journal.Add($"{name}>");
    }

    public Task DeactivateAsync(string gate)
    {
        DeactivateOnIdle();
        return RunAsync(gate);
    }

    public Task DelayAsync(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task StartTimerAsync(string name, TimeSpan due, TimeSpan period, bool interleave = false, bool keepAlive = false)
    {
        _timer = this.RegisterGrainTimer(
            async token =>
            {
                journal.Add($"{name}<");
                await journal.PassAsync(name);
                journal.Add(token.IsCancellationRequested ? $"{name}> cancelled" : $"{name}>");
            },
            new GrainTimerCreationOptions(due, period) { Interleave = interleave, KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public Task ChangeTimerAsync(TimeSpan due, TimeSpan period)
    {
        _timer!.Change(due, period);
        return Task.CompletedTask;
    }

    public Task StopTimerAsync()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task StartFailingTimerAsync(string name, TimeSpan period)
    {
        this.RegisterGrainTimer(
            () =>
            {
                journal.Add(name);
                throw new TestStateException("tick", 3);
            },
            period,
            period);
        return Task.CompletedTask;
    }

    /// <summary>Counts the activations of each key.</summary>
    internal sealed class Numbers
    {
        private readonly ConcurrentDictionary<string, int> _numbers = new();

        internal int Next(string key) => _numbers.AddOrUpdate(key, 1, (_, number) => number + 1);
    }
}
