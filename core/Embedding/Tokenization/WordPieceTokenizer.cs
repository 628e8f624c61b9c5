namespace Quiver.Core.Embedding.Tokenization;

/// <summary>BERT's WordPiece: splits the words of <see cref="BertWordReader"/> greedily into the longest known pieces, between [CLS] and [SEP].</summary>
internal sealed class WordPieceTokenizer : ITokenizer
{
    private const int SpecialTokens = 2;
    private const string Continuation = "##";

    private readonly PieceTrie _first;
    private readonly PieceTrie _following;
    private readonly WordPieceOptions _options;
    private readonly int _unknown;
    private readonly int _start;
    private readonly int _end;

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="vocabulary">The pieces; the index of a piece is its id. Must have [UNK], [CLS] and [SEP].</param>
    /// <param name="options">How to clean text.</param>
    /// <exception cref="FormatException">A special piece is missing.</exception>
    public WordPieceTokenizer(IReadOnlyList<string> vocabulary, WordPieceOptions options)
    {
        var (first, following) = (new PieceTrieBuilder(), new PieceTrieBuilder());
        for (var id = 0; id < vocabulary.Count; id++)
        {
            var piece = vocabulary[id];
            if (piece.StartsWith(Continuation, StringComparison.Ordinal) && piece.Length > Continuation.Length)
            {
                following.Add(piece.AsSpan(Continuation.Length), id);
            }

            first.Add(piece, id);
        }

        (_first, _following, _options) = (first.Build(), following.Build(), options);
        (_unknown, _start, _end) = (Special("[UNK]"), Special("[CLS]"), Special("[SEP]"));
    }

    public int CountTokens(ReadOnlySpan<char> text)
    {
        var count = SpecialTokens;
        var words = new BertWordReader(text, _options, stackalloc char[BertWordReader.BufferLength]);
        while (words.TryRead())
        {
            count += Cut(words.Word, ids: null);
        }

        return count;
    }

    public int IndexOfTokenLimit(ReadOnlySpan<char> text, int maxTokens, out int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        tokens = SpecialTokens;
        var end = 0;
        var words = new BertWordReader(text, _options, stackalloc char[BertWordReader.BufferLength]);
        while (words.TryRead())
        {
            var more = Cut(words.Word, ids: null);
            if (tokens + more > maxTokens)
            {
                return end > 0 ? words.Start : PartOfWord(text, words.Start, words.End, maxTokens, out tokens);
            }

            tokens += more;
            end = words.End;
        }

        return text.Length;
    }

    public int CountUnknown(ReadOnlySpan<char> text)
    {
        var unknown = 0;
        var words = new BertWordReader(text, _options, stackalloc char[BertWordReader.BufferLength]);
        while (words.TryRead())
        {
            unknown += IsKnown(words.Word) ? 0 : 1;
        }

        return unknown;
    }

    public int[] Encode(ReadOnlySpan<char> text)
    {
        var ids = new List<int> { _start };
        var words = new BertWordReader(text, _options, stackalloc char[BertWordReader.BufferLength]);
        while (words.TryRead())
        {
            Cut(words.Word, ids);
        }

        ids.Add(_end);
        return [.. ids];
    }

    /// <summary>The longest fitting part of a first word that does not fit as a whole; at least one character.</summary>
    private int PartOfWord(ReadOnlySpan<char> text, int start, int end, int maxTokens, out int tokens)
    {
        for (var length = end - 1; length > start; length--)
        {
            tokens = CountTokens(text[..length]);
            if (tokens <= maxTokens && !char.IsSurrogatePair(text[length - 1], text[length]))
            {
                return length;
            }
        }

        var least = start > 0 ? start : text.Length > 1 && char.IsSurrogatePair(text[0], text[1]) ? 2 : 1;
        tokens = CountTokens(text[..least]);
        return least;
    }

    private bool IsKnown(ReadOnlySpan<char> word)
    {
        var pieces = _first;
        for (var rest = word; !rest.IsEmpty; pieces = _following)
        {
            if (pieces.LongestMatch(rest, out var length) == PieceTrie.NoPiece)
            {
                return false;
            }

            rest = rest[length..];
        }

        return !word.IsEmpty;
    }

    private int Cut(ReadOnlySpan<char> word, List<int>? ids)
    {
        var (count, mark, pieces) = (0, ids?.Count ?? 0, _first);
        for (var rest = word; !rest.IsEmpty; pieces = _following)
        {
            var id = pieces.LongestMatch(rest, out var length);
            if (id == PieceTrie.NoPiece)
            {
                count = 0;
                break;
            }

            ids?.Add(id);
            rest = rest[length..];
            count++;
        }

        if (count == 0)
        {
            ids?.RemoveRange(mark, ids.Count - mark);
            ids?.Add(_unknown);
            count = 1;
        }

        return count;
    }

    private int Special(string piece)
    {
        var id = _first.LongestMatch(piece, out var length);
        return id != PieceTrie.NoPiece && length == piece.Length ? id : throw new FormatException($"The vocabulary lacks {piece}.");
    }
}

/// <summary>How a BERT model's text is cleaned.</summary>
/// <param name="LowerCase">Whether to lower-case and strip accents. Default: true.</param>
/// <param name="SplitIdeographs">Whether each CJK ideograph is a word. Default: true.</param>
internal sealed record WordPieceOptions(bool LowerCase = true, bool SplitIdeographs = true);
