using System.Globalization;
using Orleans.Runtime;
using Quiver.Embedded.Activations;
using Quiver.Embedded.Calls;

namespace Orleans;

/// <summary>Identity of grains and references.</summary>
public static class GrainExtensions
{
    /// <summary>The grain's identity.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference.GrainId,
        IGrainBase { GrainContext: { } context } => context.GrainId,
        _ => throw new ArgumentException("It is neither a grain that a silo has activated nor a reference to one.", nameof(grain)),
    };

    /// <summary>The key of a grain that is identified by a string.</summary>
    /// <param name="grain">A grain or a reference.</param>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    /// <summary>The key of a grain that is identified by an integer.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <exception cref="InvalidOperationException">Its key is no integer.</exception>
    public static long GetPrimaryKeyLong(this IAddressable grain)
    {
        var key = grain.GetGrainId().Key.ToString();
        return long.TryParse(key, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidOperationException($"The grain key '{key}' is not an integer.");
    }

    /// <summary>A reference to the same grain through another of its interfaces.</summary>
    /// <typeparam name="TGrainInterface">The interface.</typeparam>
    /// <param name="grain">A grain or a reference.</param>
    /// <exception cref="InvalidCastException">The grain's class does not implement the interface.</exception>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
    {
        var silo = grain is GrainProxy proxy ? proxy.Silo : Activation.Of((grain as IGrainBase)?.GrainContext).Silo;
        return silo.CreateReference<TGrainInterface>(grain.GetGrainId());
    }
}
