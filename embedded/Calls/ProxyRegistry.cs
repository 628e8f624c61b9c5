using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Orleans.Runtime;
using Quiver.Embedded.Hosting;

namespace Quiver.Embedded.Calls;

/// <summary>The proxies of all loaded assemblies; generated module initializers fill it.</summary>
public static class ProxyRegistry
{
    private static readonly ConcurrentDictionary<Type, Func<EmbeddedSilo, GrainId, GrainProxy>> Factories = new();

    /// <summary>Makes a proxy known.</summary>
    /// <param name="grainInterface">Its interface.</param>
    /// <param name="factory">Makes one.</param>
    public static void Add(Type grainInterface, Func<EmbeddedSilo, GrainId, GrainProxy> factory) => Factories[grainInterface] = factory;

    internal static GrainProxy Create(Type grainInterface, EmbeddedSilo silo, GrainId grainId)
    {
        if (!Factories.TryGetValue(grainInterface, out var factory))
        {
            // Nothing of the interface's assembly may have run yet.
            RuntimeHelpers.RunModuleConstructor(grainInterface.Module.ModuleHandle);
            if (!Factories.TryGetValue(grainInterface, out factory))
                throw new ArgumentException($"{grainInterface} has no proxy: its project must reference Quiver.Embedded.Generator as an analyzer.");
        }

        return factory(silo, grainId);
    }
}
