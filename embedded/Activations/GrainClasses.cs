using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Quiver.Embedded.Activations;

/// <summary>The grain classes of the host.</summary>
internal sealed class GrainClasses
{
    private readonly Dictionary<GrainType, GrainClass> _byName = [];
    private readonly ILookup<Type, GrainClass> _byInterface;
    private readonly ConcurrentDictionary<Type, GrainClass> _resolved = new();

    internal GrainClasses(IEnumerable<Type> types)
    {
        foreach (var grainClass in types.Distinct().Select(type => new GrainClass(type)))
        {
            if (!_byName.TryAdd(grainClass.GrainType, grainClass))
                throw new InvalidOperationException($"{grainClass.Type} and {_byName[grainClass.GrainType].Type} have the same grain type '{grainClass.GrainType}'.");
        }

        _byInterface = _byName.Values.SelectMany(grainClass => grainClass.Interfaces, (grainClass, type) => (grainClass, type)).ToLookup(pair => pair.type, pair => pair.grainClass);
    }

    /// <summary>The class of this name.</summary>
    /// <exception cref="ArgumentException">The host has none.</exception>
    internal GrainClass Find(GrainType type) =>
        _byName.TryGetValue(type, out var found) ? found : throw new ArgumentException($"The host has no grain class for '{type}'.", nameof(type));

    /// <summary>The one class that implements an interface.</summary>
    /// <exception cref="ArgumentException">There is none, or more than one.</exception>
    internal GrainClass Resolve(Type grainInterface, string? classNamePrefix) =>
        classNamePrefix is null ? _resolved.GetOrAdd(grainInterface, type => Single(type, null)) : Single(grainInterface, classNamePrefix);

    private GrainClass Single(Type grainInterface, string? prefix)
    {
        var candidates = _byInterface[grainInterface]
            .Where(candidate => prefix is null || candidate.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal))
            .ToList();
        return candidates switch
        {
            [var only] => only,
            [] => throw new ArgumentException($"No grain class of the host implements {grainInterface}.", nameof(grainInterface)),
            _ => throw new ArgumentException(
                $"Unable to identify a single appropriate grain type for {grainInterface}: {string.Join(", ", candidates.Select(candidate => candidate.Type))}.",
                nameof(grainInterface)),
        };
    }
}
