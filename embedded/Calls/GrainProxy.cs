using Orleans;
using Orleans.Runtime;
using Quiver.Embedded.Hosting;

namespace Quiver.Embedded.Calls;

/// <summary>The base of generated proxies.</summary>
public abstract class GrainProxy : GrainReference
{
    private CallTarget? _target;

    /// <summary>Makes a reference.</summary>
    /// <param name="silo">The silo that holds the grain.</param>
    /// <param name="grainId">The grain.</param>
    protected GrainProxy(EmbeddedSilo silo, GrainId grainId)
        : base(grainId) => Silo = silo;

    internal EmbeddedSilo Silo { get; }

    /// <summary>Grains that pass themselves are passed as references, so that no other grain reaches into their turn.</summary>
    /// <typeparam name="T">The grain interface.</typeparam>
    /// <param name="argument">An argument that is a grain or a reference.</param>
    protected static T ToReference<T>(T argument) => argument is IGrainBase and IAddressable grain ? grain.AsReference<T>() : argument;

    /// <summary>Sends a call.</summary>
    /// <typeparam name="TResult">Its result.</typeparam>
    /// <param name="call">The call.</param>
    protected Task<TResult> Send<TResult>(GrainCall<TResult> call)
    {
        Silo.Send(call, GrainId, ref _target);
        return call.Response;
    }

    /// <summary>Sends a call.</summary>
    /// <param name="call">The call.</param>
    protected Task Send(GrainAction call)
    {
        Silo.Send(call, GrainId, ref _target);
        return call.Response;
    }

    /// <summary>Sends a call whose end nobody waits for.</summary>
    /// <param name="call">The call.</param>
    protected Task SendOneWay(GrainCall call)
    {
        Silo.Send(call, GrainId, ref _target);
        return Task.CompletedTask;
    }
}
