using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Quiver.Embedded.Calls;
using Quiver.Embedded.Hosting;
using Quiver.Embedded.Scheduling;
using Quiver.Embedded.State;
using Quiver.Embedded.Timers;

namespace Quiver.Embedded.Activations;

/// <summary>One living instance of a grain: its object, its calls, its timers and its state. This part holds the identity and what grains see of it.</summary>
internal sealed partial class Activation : CallTarget, IGrainContext
{
    private readonly Lock _gate = new();
    private readonly ActivationTaskScheduler _scheduler;
    private readonly CallQueue _calls;
    private readonly GrainClass _class;
    private readonly IActivationOwner _owner;
    private readonly List<IActivationState> _states = [];
    private readonly List<GrainTimer> _timers = [];
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AsyncServiceScope? _scope;
    private volatile ActivationPhase _phase;
    private DeactivationReason? _deactivation;
    private CancellationToken _deactivationToken;
    private Exception? _conflict;
    private long _lastUse;
    private long _keepUntil;

    internal Activation(EmbeddedSilo silo, GrainClass grainClass, GrainId grainId, IActivationOwner owner)
    {
        Silo = silo;
        GrainId = grainId;
        _class = grainClass;
        _owner = owner;
        _scheduler = new(this);
        _calls = new(grainClass.IsReentrant);
        _lastUse = silo.Clock.Now;
    }

    public GrainId GrainId { get; }

    public object? GrainInstance { get; private set; }

    public GrainReference GrainReference => _class.CreateReference(Silo, GrainId);

    public IServiceProvider ActivationServices => _scope?.ServiceProvider ?? Silo.Services;

    public Task Deactivated => _deactivated.Task;

    internal EmbeddedSilo Silo { get; }

    internal bool IsDead => _phase == ActivationPhase.Dead;

    /// <summary>The activation behind a grain's context.</summary>
    /// <exception cref="InvalidOperationException">The context is not of this runtime.</exception>
    internal static Activation Of(IGrainContext? context) =>
        context as Activation ?? throw new InvalidOperationException("The grain was not activated by a silo.");

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        ActivationPhase before;
        lock (_gate)
        {
            if (_deactivation is not null || _phase >= ActivationPhase.Deactivating) return;
            _deactivation = deactivationReason;
            _deactivationToken = cancellationToken;
            before = _phase;
            if (before == ActivationPhase.New) _phase = ActivationPhase.Dead;
        }

        if (before == ActivationPhase.New) Bury();
        else DeactivateWhenQuiet();
    }

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => GrainId.ToString();

    internal void DelayDeactivation(TimeSpan time)
    {
        var unlimited = time < TimeSpan.Zero || time.Ticks > TimeSpan.MaxValue.Ticks / 2;
        Volatile.Write(ref _keepUntil, unlimited ? long.MaxValue : Silo.Clock.Now + time.Ticks);
    }

    /// <summary>Adds a record to load before the grain is activated.</summary>
    internal void AddState(IActivationState state) => _states.Add(state);

    /// <summary>Remembers that this activation's own state met a conflict: when the error leaves a request uncaught, the activation ends.</summary>
    internal void NoteConflict(Exception error) => _conflict = error;

    internal GrainTimer RegisterTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        ThrowIfDead();
        var timer = new GrainTimer(this, callback, options);
        lock (_gate) _timers.Add(timer);
        timer.Start();
        return timer;
    }

    internal void Forget(GrainTimer timer)
    {
        lock (_gate) _timers.Remove(timer);
    }

    /// <summary>Runs something in this activation's turn.</summary>
    internal void RunTurn(Action action) => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler);

    internal void ThrowIfDead()
    {
        if (IsDead) throw new InvalidOperationException($"Attempt to access an invalid activation of {GrainId}.");
    }
}
