using System.Reflection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Quiver.Embedded.Calls;
using Quiver.Embedded.Hosting;

namespace Quiver.Embedded.Activations;

/// <summary>What the runtime knows about a grain class; attributes and constructor are looked at when the first grain is used.</summary>
internal sealed class GrainClass
{
    private readonly Lazy<GrainConstructor> _constructor;
    private readonly long? _collectionAge;

    internal GrainClass(Type type)
    {
        Type = type;
        GrainType = GrainType.Create(type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? DefaultName(type));
        Interfaces = [.. type.GetInterfaces().Where(candidate => typeof(IGrain).IsAssignableFrom(candidate))];
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute));
        MaxWorkers = type.GetCustomAttribute<StatelessWorkerAttribute>() is { MaxLocalWorkers: var workers }
            ? workers > 0 ? workers : Environment.ProcessorCount
            : 0;
        _collectionAge = type.IsDefined(typeof(KeepAliveAttribute))
            ? long.MaxValue
            : type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.AgeLimit.Ticks;
        _constructor = new(() => new(type));
    }

    internal Type Type { get; }

    internal GrainType GrainType { get; }

    internal IReadOnlyList<Type> Interfaces { get; }

    internal bool IsReentrant { get; }

    /// <summary>The bound of a stateless worker; 0 for other grains.</summary>
    internal int MaxWorkers { get; }

    internal object Construct(Activation activation) => _constructor.Value.Invoke(activation);

    internal long CollectionAgeTicks(EmbeddedOptions options) => _collectionAge ?? options.CollectionAge.Ticks;

    /// <summary>A reference through the class's own interface, the first that is not a base of another.</summary>
    internal GrainReference CreateReference(EmbeddedSilo silo, GrainId grainId) =>
        ProxyRegistry.Create(
            Interfaces.First(one => !Interfaces.Any(other => other != one && one.IsAssignableFrom(other)) && one != typeof(IRemindable)),
            silo,
            grainId);

    private static string DefaultName(Type type)
    {
        var name = type.Name.ToLowerInvariant();
        return name.EndsWith("grain", StringComparison.Ordinal) && name.Length > 5 ? name[..^5] : name;
    }
}
