using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Quiver.Embedded.Activations;
using Quiver.Embedded.Calls;
using Quiver.Embedded.Reminders;
using Quiver.Embedded.Scheduling;
using Quiver.Embedded.Streams;

namespace Quiver.Embedded.Hosting;

/// <summary>The silo of this process: sends calls to activations, and starts and stops everything. This part holds the calls.</summary>
public sealed partial class EmbeddedSilo : IHostedService, IDisposable
{
    private readonly ActivationTable _table;
    private readonly List<LocalStreamProvider> _streams = [];
    private readonly CancellationTokenSource _stop = new();
    private volatile SiloPhase _phase;

    internal EmbeddedSilo(
        IServiceProvider services,
        IOptions<EmbeddedOptions> options,
        IEnumerable<GrainRegistration> grains,
        IReminderStore reminders,
        TimeProvider timeProvider,
        ILogger<EmbeddedSilo> logger)
    {
        Services = services;
        Options = options.Value;
        TimeProvider = timeProvider;
        Log = logger;
        Clock = new(timeProvider);
        Classes = new(grains.Select(grain => grain.Type));
        Client = new ClusterClient(this);
        Reminders = new(this, reminders);
        _table = new(this, Classes);
    }

    internal IServiceProvider Services { get; }

    internal EmbeddedOptions Options { get; }

    internal TimeProvider TimeProvider { get; }

    internal ILogger Log { get; }

    internal CoarseClock Clock { get; }

    internal GrainClasses Classes { get; }

    internal IClusterClient Client { get; }

    internal ReminderRegistry Reminders { get; }

    /// <summary>Cancelled when the time for stopping is over.</summary>
    internal CancellationToken StopToken => _stop.Token;

    /// <summary>A reference to a grain.</summary>
    /// <exception cref="InvalidCastException">The grain's class does not implement the interface.</exception>
    internal TGrainInterface CreateReference<TGrainInterface>(GrainId grainId) =>
        Classes.Find(grainId.Type).Interfaces.Contains(typeof(TGrainInterface))
            ? (TGrainInterface)(object)ProxyRegistry.Create(typeof(TGrainInterface), this, grainId)
            : throw new InvalidCastException($"The grain class of {grainId} does not implement {typeof(TGrainInterface)}.");

    /// <summary>Sends a call; whatever goes wrong is found in its response.</summary>
    internal void Send(GrainCall call, GrainId grainId, ref CallTarget? target)
    {
        call.Caller = ActivationTaskScheduler.CurrentActivation;
        if (_phase != SiloPhase.Running && !IsServed(call.Caller))
        {
            call.Fail(Refusal(grainId, call));
            return;
        }

        if (!call.TryListen()) return;
        SetDeadline(call);
        if (target is null || !target.TryPost(call)) target = _table.Post(call, grainId);
    }

    /// <summary>Sends a reminder's tick.</summary>
    internal Task TickAsync(GrainId grainId, ReminderTick tick)
    {
        CallTarget? target = null;
        Send(tick, grainId, ref target);
        return tick.Response;
    }

    /// <summary>Sends a call on from an activation that has ended.</summary>
    internal void Dispatch(GrainCall call, GrainId grainId)
    {
        if (_phase == SiloPhase.Running || (_phase == SiloPhase.Draining && call.Caller is not null)) _table.Post(call, grainId);
        else call.Fail(Refusal(grainId, call));
    }

    /// <summary>Tells a caller that its time is over.</summary>
    internal static void FailOverdue(GrainCall call, GrainId grainId) =>
        call.Fail(new TimeoutException($"Response did not arrive in time for {call.Method.Name} to {grainId}."));

    internal LocalStreamProvider AddStreams(LocalStreamProvider provider)
    {
        lock (_streams) _streams.Add(provider);
        return provider;
    }

    /// <summary>A timer that is not armed yet and does not keep the trace of whoever happens to make it.</summary>
    internal ITimer CreateTimer(TimerCallback callback, object state)
    {
        using var suppressed = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return TimeProvider.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void SetDeadline(GrainCall call)
    {
        var timeout = call.Method.TimeoutTicks > 0 ? call.Method.TimeoutTicks : Options.ResponseTimeout.Ticks;
        if (call.Method.Unbounded || timeout > TimeSpan.MaxValue.Ticks / 2) return;
        // The clock may be behind by one heartbeat; a caller must not be told too early.
        call.Deadline = Clock.Now + timeout + Options.Heartbeat.Ticks;
    }

    private bool IsServed(Activation? caller) => _phase == SiloPhase.Draining && caller is { IsDead: false };

    private OrleansException Refusal(GrainId grainId, GrainCall call) => _phase == SiloPhase.Created
        ? new($"The silo has not started: {call.Method.Name} to {grainId} is refused.")
        : new($"The silo is stopping: {call.Method.Name} to {grainId} is refused.");
}
