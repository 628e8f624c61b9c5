using Orleans;
using Quiver.Embedded.Calls;
using Quiver.Embedded.Streams;

namespace Quiver.Embedded.Hosting;

/// <summary>How a silo starts, beats and stops.</summary>
public sealed partial class EmbeddedSilo
{
    // Subscribers may hang for as long as they like; the silo does not wait for them that long.
    private static readonly TimeSpan StreamDrainTime = TimeSpan.FromSeconds(2);

    private ITimer? _heartbeat;
    private long _nextCollection;
    private int _beating;

    /// <summary>Begins to serve. Calls before are refused.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_phase != SiloPhase.Created) throw new InvalidOperationException("A silo starts once.");
        var reminders = Options.StartReminders ? await Reminders.ReadAllAsync(cancellationToken) : null;
        _nextCollection = Clock.Update() + Options.CollectionQuantum.Ticks;
        _heartbeat = CreateTimer(static self => ((EmbeddedSilo)self!).Beat(), this);
        _heartbeat.Change(Options.Heartbeat, Options.Heartbeat);
        _phase = SiloPhase.Running;
        if (reminders is not null) Reminders.Start(reminders);
        Log.Started();
    }

    /// <summary>
    /// Ends serving: waiting calls from outside fail, requests in flight end, every activation is deactivated (and may call grains while it is), streams are emptied.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting, as <see cref="EmbeddedOptions.StopTimeout"/> does.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_phase is SiloPhase.Created or SiloPhase.Stopped)
        {
            _phase = SiloPhase.Stopped;
            return;
        }

        _phase = SiloPhase.Draining;
        Reminders.Stop();
        FailWaiting(call => call.Caller is null && !call.Method.Bound);
        using var timeout = new CancellationTokenSource(Options.StopTimeout, TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await using var registration = either.Token.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        try
        {
            await DeactivateAllAsync().WaitAsync(either.Token);
            await StopStreamsAsync().WaitAsync(StreamDrainTime, TimeProvider, either.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException)
        {
            await _stop.CancelAsync();
            Log.StopTimedOut(Options.StopTimeout);
        }

        _phase = SiloPhase.Stopped;
        FailWaiting(_ => true);
        if (_heartbeat is not null) await _heartbeat.DisposeAsync();
        Log.Stopped();
    }

    /// <summary>Releases the timers of a silo that was not stopped.</summary>
    public void Dispose()
    {
        _heartbeat?.Dispose();
        Reminders.Dispose();
        _stop.Dispose();
    }

    private async Task DeactivateAllAsync()
    {
        // Activations that end may call others, which are then activated anew: they have their turn in the next round.
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is stopping.");
        while (!_table.IsEmpty && !StopToken.IsCancellationRequested)
            await Task.WhenAll(_table.Targets.Select(target => target.DeactivateAllAsync(reason)));
    }

    private Task StopStreamsAsync()
    {
        LocalStreamProvider[] providers;
        lock (_streams) providers = [.. _streams];
        return Task.WhenAll(providers.Select(provider => provider.StopAsync()));
    }

    private void FailWaiting(Predicate<GrainCall> which)
    {
        var error = new Orleans.Runtime.OrleansException("The silo is stopping: the call was still waiting for its turn.");
        foreach (var target in _table.Targets) target.FailWaiting(which, error);
    }

    private void Beat()
    {
        if (Interlocked.Exchange(ref _beating, 1) != 0) return;
        var now = Clock.Update();
        var collect = now >= _nextCollection;
        if (collect) _nextCollection = now + Options.CollectionQuantum.Ticks;
        foreach (var target in _table.Targets)
        {
            target.SweepDeadlines(now);
            if (collect) target.CollectIdle(now);
        }

        Interlocked.Exchange(ref _beating, 0);
    }
}
