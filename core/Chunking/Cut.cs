namespace Quiver.Core.Chunking;

/// <summary>A place where a chunk may end.</summary>
/// <param name="Position">One past its last character, white space at the end included.</param>
/// <param name="Strength">How good the place is.</param>
internal readonly record struct Cut(int Position, BorderStrength Strength);
