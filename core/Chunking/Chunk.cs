using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Chunking;

/// <summary>A piece of a document.</summary>
/// <param name="Number">0-based, without gaps.</param>
/// <param name="Text">What is embedded: the document's text from <paramref name="StartChar"/> to <paramref name="EndChar"/>, exactly.</param>
/// <param name="StartChar">First UTF-16 character in the document, 0-based.</param>
/// <param name="EndChar">One past the last.</param>
/// <param name="StartLine">1-based line of the first character.</param>
/// <param name="EndLine">1-based line of the last character.</param>
/// <param name="Tokens">The text's tokens, at most the limit asked for.</param>
/// <param name="Place">Where cutting starts again to make this chunk and those behind it.</param>
public sealed record Chunk(int Number, string Text, int StartChar, int EndChar, int StartLine, int EndLine, int Tokens, ChunkCursor Place);
