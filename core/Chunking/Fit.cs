namespace Quiver.Core.Chunking;

/// <summary>How much of a text goes into a chunk.</summary>
/// <param name="Cut">Where the next one begins.</param>
/// <param name="End">One past the chunk's last character.</param>
/// <param name="Tokens">The chunk's count.</param>
internal readonly record struct Fit(Cut Cut, int End, int Tokens);
