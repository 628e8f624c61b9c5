using System.Buffers;

namespace Quiver.Core.Vectors;

/// <summary>Names of physical collections.</summary>
internal static class PhysicalNames
{
    private const int MaxLength = 128;
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Refuses what is no name; names become parts of addresses.</summary>
    public static void Check(string name)
    {
        if (name is not { Length: > 0 and <= MaxLength } || name.AsSpan().ContainsAnyExcept(Allowed) || !name.AsSpan().ContainsAnyExcept('.'))
        {
            throw new ArgumentException($"'{name}' is not the name of a physical collection: use 1 to {MaxLength} letters, digits, '.', '_' or '-'.", nameof(name));
        }
    }
}
