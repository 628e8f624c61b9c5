using System.Buffers;

namespace Quiver.Pipeline.Embedding.Tokenization;

/// <summary>SentencePiece unigram tokens: NFKC, spaces as word marks, the best way through the pieces. Has no special tokens.</summary>
internal sealed class UnigramTokenizer : ITokenizer
{
    private readonly PieceTrie _pieces;

    private UnigramTokenizer(PieceTrie pieces) => _pieces = pieces;

    /// <summary>Reads the vocabulary.</summary>
    /// <param name="vocabulary">JSON as described at <see cref="UnigramVocabulary.Read"/>.</param>
    /// <exception cref="System.Text.Json.JsonException">It has another form.</exception>
    public static UnigramTokenizer Read(ReadOnlyMemory<byte> vocabulary) => new(UnigramVocabulary.Read(vocabulary));

    /// <inheritdoc/>
    public int CountTokens(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        using var normalized = new NormalizedText(text, UnigramVocabulary.WordMark);
        var lattice = new UnigramLattice(_pieces, stackalloc UnigramLattice.Cell[UnigramLattice.RingLength]);
        while (normalized.Require(UnigramLattice.Lookahead))
        {
            normalized.Advance(lattice.Step(normalized.Rest));
        }

        return lattice.Tokens;
    }

    /// <inheritdoc/>
    public int IndexOfTokenLimit(ReadOnlySpan<char> text, int maxTokens, out int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        var length = LongestPrefix(text, maxTokens, out tokens);
        if (length == 0 && !text.IsEmpty)
        {
            length = text.Length > 1 && char.IsSurrogatePair(text[0], text[1]) ? 2 : 1;
            tokens = CountTokens(text[..length]);
        }

        return length;
    }

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return [];
        }

        using var normalized = new NormalizedText(text, UnigramVocabulary.WordMark);
        var lattice = new UnigramLattice(_pieces, stackalloc UnigramLattice.Cell[UnigramLattice.RingLength]);
        var steps = ArrayPool<(int Id, int Length)>.Shared.Rent(text.Length + 2);
        try
        {
            while (normalized.Require(UnigramLattice.Lookahead))
            {
                normalized.Advance(lattice.Step(normalized.Rest));
                if (lattice.Position >= steps.Length)
                {
                    steps = Grown(steps);
                }

                steps[lattice.Position] = (lattice.LastId, lattice.LastLength);
            }

            return WalkBack(steps, lattice.Position, lattice.Tokens);
        }
        finally
        {
            ArrayPool<(int Id, int Length)>.Shared.Return(steps);
        }
    }

    private int LongestPrefix(ReadOnlySpan<char> text, int maxTokens, out int tokens)
    {
        var (length, beyond) = (0, 0);
        tokens = 0;
        using var normalized = new NormalizedText(text, UnigramVocabulary.WordMark);
        var lattice = new UnigramLattice(_pieces, stackalloc UnigramLattice.Cell[UnigramLattice.RingLength]);

        // Every way on leads through one of the last places that a piece can span: once all of them are beyond the limit, the rest is.
        while (beyond < UnigramLattice.Lookahead && normalized.Require(UnigramLattice.Lookahead))
        {
            normalized.Advance(lattice.Step(normalized.Rest));
            normalized.Require(1);
            if (lattice.Tokens > maxTokens)
            {
                beyond++;
                continue;
            }

            beyond = 0;
            if (normalized.Origin > 0 && !lattice.IsOpen)
            {
                (length, tokens) = (normalized.Origin, lattice.Tokens);
            }
        }

        return length;
    }

    private static int[] WalkBack((int Id, int Length)[] steps, int position, int count)
    {
        var ids = new int[count];
        while (position > 0)
        {
            var (id, length) = steps[position];
            position -= length;
            if (id != UnigramLattice.Unknown || position == 0 || steps[position].Id != UnigramLattice.Unknown)
            {
                ids[--count] = id;
            }
        }

        return ids;
    }

    private static (int Id, int Length)[] Grown((int Id, int Length)[] steps)
    {
        var grown = ArrayPool<(int Id, int Length)>.Shared.Rent(steps.Length * 2);
        steps.CopyTo(grown, 0);
        ArrayPool<(int Id, int Length)>.Shared.Return(steps);
        return grown;
    }
}
