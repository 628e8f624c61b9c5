using System.Buffers.Text;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Quiver.Silo.Hosting;

/// <summary>The placement of all grains: see <see cref="SlotPlacementDirector"/>.</summary>
[Serializable, GenerateSerializer, Alias("quiver.SlotPlacement")]
internal sealed class SlotPlacement : PlacementStrategy;

/// <summary>
/// Spreads grains over the silos by the hash of their key. Of a key that ends with a slot number, slot n goes to the nth silo after the one of
/// the rest of the key. It ignores load on purpose: Orleans' load statistics are a second old, and within a second all workers of a job are placed.
/// </summary>
internal sealed class SlotPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) is { } hint)
        {
            return Task.FromResult(hint);
        }

        var sorted = silos.Order().ToArray();
        return Task.FromResult(sorted[IndexOf(target.GrainIdentity, sorted.Length)]);
    }

    /// <summary>The silo of a new activation, 0 to <paramref name="silos"/> - 1.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="silos">The number of silos, 1 or more.</param>
    internal static int IndexOf(GrainId grain, int silos)
    {
        var key = grain.Key.AsSpan();
        var slash = key.LastIndexOf((byte)'/');
        if (slash >= 0 && Utf8Parser.TryParse(key[(slash + 1)..], out uint slot, out var read) && read == key.Length - slash - 1)
        {
            key = key[..slash];
        }
        else
        {
            slot = 0;
        }

        return (int)((Hash(key) + slot) % (uint)silos);
    }

    /// <summary>FNV-1a, 32 bits: the same on every silo. <see href="http://www.isthe.com/chongo/tech/comp/fnv/">Fowler, Noll, Vo</see>.</summary>
    private static ulong Hash(ReadOnlySpan<byte> key)
    {
        var hash = 2_166_136_261u;
        foreach (var octet in key)
        {
            hash = unchecked((hash ^ octet) * 16_777_619u);
        }

        return hash;
    }
}
