namespace Quiver.Core.Chunking;

/// <summary>The beginning of a line that is not blank.</summary>
/// <param name="Position">Its first character, indentation included.</param>
/// <param name="Strength">How good a cut before it is.</param>
internal readonly record struct LineBorder(int Position, BorderStrength Strength);
