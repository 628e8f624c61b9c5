using System.Buffers.Text;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Quiver.Silo.Hosting;

/// <summary>
/// Spreads grains over the silos by the hash of their key, and those whose key ends with a slot number evenly: slot n goes to the nth silo after
/// the one of the rest of the key. Without knowledge of load on purpose: what the runtime's own placement knows of it is a second old, in which
/// a whole job's workers are placed.
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

    /// <summary>Which of so many silos a new activation goes to.</summary>
    /// <param name="grain">Whose activation.</param>
    /// <param name="silos">How many silos there are; 1 or more.</param>
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
