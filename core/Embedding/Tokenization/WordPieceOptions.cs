namespace Quiver.Core.Embedding.Tokenization;

/// <summary>How a BERT model was trained to see text.</summary>
/// <param name="LowerCase">Lower-case and strip accents. Default: true.</param>
/// <param name="SplitIdeographs">Each CJK ideograph is a word. Default: true.</param>
internal sealed record WordPieceOptions(bool LowerCase = true, bool SplitIdeographs = true);
