using System.Runtime.InteropServices;

namespace Quiver.Pipeline.Embedding.Tokenization;

/// <summary>
/// The Viterbi search of a SentencePiece unigram model, one code point at a time, in constant memory: pieces are short, so only the
/// last few places matter. Its ties and its treatment of a score of exactly 0 are those of the original and decide about ids.
/// </summary>
internal ref struct UnigramLattice(PieceTrie trie, Span<UnigramLattice.Cell> ring)
{
    /// <summary>Characters that <see cref="Step"/> must see, unless the text ends: the longest piece.</summary>
    public const int Lookahead = 16;

    /// <summary>Length of the ring.</summary>
    public const int RingLength = 2 * Lookahead;

    /// <summary>The id of what no piece covers.</summary>
    public const int Unknown = 0;

    private readonly PieceTrie _trie = trie;
    private readonly Span<Cell> _ring = ring;
    private int _openUntil;

    /// <summary>UTF-16 characters passed.</summary>
    public int Position { get; private set; }

    /// <summary>Tokens of the best way here, adjacent unknowns counted once.</summary>
    public readonly int Tokens => Here.Count;

    /// <summary>Id of the last token on the best way here.</summary>
    public readonly int LastId => Here.Id;

    /// <summary>Characters of the last token on the best way here.</summary>
    public readonly int LastLength => Here.Length;

    /// <summary>True where a text that ended here might be cut differently.</summary>
    public readonly bool IsOpen => Position < _openUntil;

    private readonly ref Cell Here => ref _ring[Position & (RingLength - 1)];

    /// <summary>Extends all ways by one code point.</summary>
    /// <param name="rest">The text from <see cref="Position"/> on; not empty.</param>
    /// <returns>The characters passed, 1 or 2.</returns>
    public int Step(ReadOnlySpan<char> rest)
    {
        var from = Here;
        Here = default;
        var node = PieceTrie.Root;
        var shortest = 0;
        var limit = Math.Min(rest.Length, Lookahead);
        for (var i = 0; i < limit && _trie.TryStep(ref node, rest[i]); i++)
        {
            var id = _trie.PieceAt(node, out var score);
            if (id != PieceTrie.NoPiece)
            {
                shortest = shortest == 0 ? i + 1 : shortest;
                Relax(in from, id, i + 1, score);
            }
        }

        var length = rest.Length > 1 && char.IsSurrogatePair(rest[0], rest[1]) ? 2 : 1;
        if (shortest == 0)
        {
            Relax(in from, Unknown, length, 0);
        }
        else
        {
            _openUntil = Math.Max(_openUntil, Position + shortest);
        }

        Position += length;
        if (!Here.IsReached)
        {
            // No piece ends here: the original treats the last symbol as unknown, and the score as a fresh start.
            Here = from.Followed(Unknown, length, 0);
        }

        return length;
    }

    private readonly void Relax(in Cell from, int id, int length, double score)
    {
        ref var cell = ref _ring[(Position + length) & (RingLength - 1)];
        var total = from.Score + score;
        if (cell.Score == 0 || total >= cell.Score)
        {
            cell = from.Followed(id, length, total);
        }
    }

    /// <summary>The best way to a place.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal struct Cell
    {
        public double Score;
        public int Count;
        public int Id;
        public int Length;

        public readonly bool IsReached => Length > 0;

        public readonly Cell Followed(int id, int length, double score) => new()
        {
            Score = score,
            Count = Count + (id == Unknown && Id == Unknown && IsReached ? 0 : 1),
            Id = id,
            Length = length,
        };
    }
}
