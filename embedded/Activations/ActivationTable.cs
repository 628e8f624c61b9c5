using System.Collections.Concurrent;
using Orleans.Runtime;
using Quiver.Embedded.Calls;
using Quiver.Embedded.Hosting;

namespace Quiver.Embedded.Activations;

/// <summary>Which grains are active.</summary>
internal sealed class ActivationTable(EmbeddedSilo silo, GrainClasses classes) : IActivationOwner
{
    private readonly ConcurrentDictionary<GrainId, CallTarget> _targets = new();

    internal IEnumerable<CallTarget> Targets => _targets.Select(entry => entry.Value);

    internal bool IsEmpty => _targets.IsEmpty;

    public void OnIdle(Activation activation)
    {
    }

    public void OnDead(Activation activation) => Remove(activation.GrainId, activation);

    internal void Remove(GrainId grainId, CallTarget target) => _targets.TryRemove(new(grainId, target));

    /// <summary>Hands a call to the grain's activation, which is made when there is none.</summary>
    /// <returns>What took the call.</returns>
    internal CallTarget Post(GrainCall call, GrainId grainId)
    {
        while (true)
        {
            var target = _targets.TryGetValue(grainId, out var existing) ? existing : _targets.GetOrAdd(grainId, Create);
            if (target.TryPost(call)) return target;
            Remove(grainId, target);
        }
    }

    private CallTarget Create(GrainId grainId)
    {
        var grainClass = classes.Find(grainId.Type);
        return grainClass.MaxWorkers > 0 ? new WorkerPool(silo, grainClass, grainId, this) : new Activation(silo, grainClass, grainId, this);
    }
}
