namespace Quiver.Core.Chunking;

/// <summary>Positions at which the meaning of a text turns, in order, with the similarity of the sentences before and behind. Not thread-safe.</summary>
public sealed class TextTurns
{
    /// <summary>The share of a block's borders between sentences that are turns: those between the least similar ones.</summary>
    private const double Share = 0.25;

    private readonly List<(int Position, float Similarity)> _turns = [];

    /// <summary>Finds the turns of a block of sentences.</summary>
    /// <param name="positions">The start of each sentence but the first.</param>
    /// <param name="vectors">The vector of each sentence, L2-normalised; empty for none.</param>
    internal void Add(IReadOnlyList<int> positions, IReadOnlyList<ReadOnlyMemory<float>> vectors)
    {
        List<(int Position, float Similarity)> borders = [];
        for (var i = 0; i < positions.Count; i++)
        {
            if (!vectors[i].IsEmpty && !vectors[i + 1].IsEmpty)
            {
                borders.Add((positions[i], Dot(vectors[i].Span, vectors[i + 1].Span)));
            }
        }

        var count = (int)Math.Ceiling(borders.Count * Share);
        _turns.AddRange(borders.OrderBy(border => border.Similarity).ThenBy(border => border.Position).Take(count).OrderBy(border => border.Position));
    }

    /// <summary>The sharpest turn in a range, both ends included; negative for none.</summary>
    internal int SharpestWithin(int from, int to)
    {
        var (position, similarity) = (-1, float.MaxValue);
        for (var i = _turns.Count - 1; i >= 0 && _turns[i].Position >= from; i--)
        {
            if (_turns[i].Position <= to && _turns[i].Similarity < similarity)
            {
                (position, similarity) = _turns[i];
            }
        }

        return position;
    }

    private static float Dot(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var sum = 0f;
        for (var i = 0; i < one.Length; i++)
        {
            sum += one[i] * other[i];
        }

        return sum;
    }
}

/// <summary>Reads a text's sentences, in blocks of a fixed number.</summary>
internal sealed class SentenceReader(string text, DocumentFormat format, int start, Func<string, string> fit)
{
    private const int BlockSentences = 64;
    private const int MinCharacters = 32;

    private readonly LineScanner _scanner = StructuralChunker.CreateScanner(text, format, start);
    private readonly bool _isCode = format == DocumentFormat.Code;
    private readonly Queue<int> _starts = new();
    private int _line = -1;
    private int _first = -1;
    private int _lastAdded = -1;
    private int _covered = start;
    private bool _ended;

    /// <summary>The next block that is not yet read and reaches behind a position; null when everything up to the end of a range is read.</summary>
    /// <param name="behind">Blocks that end before it are passed over: no chunk looks there.</param>
    /// <param name="end">The end of the range.</param>
    public SentenceBlock? Next(int behind, int end)
    {
        while (_covered < Math.Min(end, text.Length) && !(_ended && _starts.Count == 0))
        {
            List<int> positions = [];
            var first = _first >= 0 ? _first : NextStart();
            if (first < 0)
            {
                return null;
            }

            while (positions.Count < BlockSentences && NextStart() is >= 0 and var position)
            {
                positions.Add(position);
            }

            // The last sentence is also the first one of the next block, so that no border is left out.
            _first = positions.Count > 0 ? positions[^1] : first;
            _covered = positions.Count == BlockSentences ? _first : text.Length;
            if (positions.Count > 0 && _covered > behind)
            {
                var until = _starts.TryPeek(out var following) ? following : text.Length;
                return new(positions, [.. positions.Prepend(first).Zip(positions.Append(until), Sentence)]);
            }
        }

        return null;
    }

    private string Sentence(int from, int to) => fit(text[from..to].Trim());

    /// <summary>The start of the next sentence; negative at the end.</summary>
    private int NextStart()
    {
        while (_starts.Count < 2 && !_ended)
        {
            ReadLine();
        }

        return _starts.TryDequeue(out var next) ? next : -1;
    }

    /// <summary>Adds the sentences that begin on a line, after the next line is known.</summary>
    private void ReadLine()
    {
        var line = _line;
        _ended = !_scanner.TryNext(out var border);
        var next = _ended ? text.Length : border.Position;
        if (line >= 0 && !_isCode)
        {
            AddEnds(line, next);
        }

        if (!_ended)
        {
            // What is below a heading continues its line.
            if (line < 0 || border.Strength <= (_isCode ? BorderStrength.SubBlock : BorderStrength.Line))
            {
                Add(border.Position);
            }

            _line = border.Position;
        }
    }

    private void AddEnds(int from, int to)
    {
        for (var at = from; Sentences.FirstEnd(text, at + 1, to - 1) is >= 0 and var end;)
        {
            var next = end;
            while (next < to && char.IsWhiteSpace(text[next]))
            {
                next++;
            }

            if (next >= to)
            {
                return;
            }

            Add(next);
            at = next;
        }
    }

    /// <summary>A sentence of a few words says too little to be compared, and stays with the one before it.</summary>
    private void Add(int position)
    {
        if (_lastAdded < 0 || position - _lastAdded >= MinCharacters)
        {
            _starts.Enqueue(position);
            _lastAdded = position;
        }
    }
}

/// <summary>Neighbouring sentences.</summary>
/// <param name="Positions">The start of each but the first.</param>
/// <param name="Texts">Their texts, one more than positions.</param>
internal sealed record SentenceBlock(IReadOnlyList<int> Positions, IReadOnlyList<string> Texts);
