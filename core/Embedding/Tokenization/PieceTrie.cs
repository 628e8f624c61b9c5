namespace Quiver.Core.Embedding.Tokenization;

/// <summary>A double-array trie from UTF-16 strings to vocabulary entries: one array access per character, no hashing. Immutable.</summary>
internal sealed class PieceTrie
{
    /// <summary>The node where every walk starts.</summary>
    public const int Root = 0;

    /// <summary>The id of a node at which no piece ends.</summary>
    public const int NoPiece = -1;

    private readonly ushort[] _codes;
    private readonly Node[] _nodes;

    internal PieceTrie(ushort[] codes, Node[] nodes)
    {
        _codes = codes;
        _nodes = nodes;
    }

    /// <summary>Follows a character from a node.</summary>
    /// <returns>False when no piece continues with the character.</returns>
    public bool TryStep(ref int node, char character)
    {
        var code = _codes[character];
        var next = _nodes[node].Base + code;
        if (code == 0 || (uint)next >= (uint)_nodes.Length || _nodes[next].Parent != node)
        {
            return false;
        }

        node = next;
        return true;
    }

    /// <summary>Finds the longest piece at the start of <paramref name="text"/>.</summary>
    /// <returns>Its id, or <see cref="NoPiece"/>.</returns>
    public int LongestMatch(ReadOnlySpan<char> text, out int length)
    {
        var (node, id) = (Root, NoPiece);
        length = 0;
        for (var i = 0; i < text.Length && TryStep(ref node, text[i]); i++)
        {
            if (_nodes[node].Id != NoPiece)
            {
                (id, length) = (_nodes[node].Id, i + 1);
            }
        }

        return id;
    }

    /// <summary>A slot of the double array; the index of a child is its parent's base plus its character's code.</summary>
    internal struct Node
    {
        public int Base;
        public int Parent;
        public int Id;
    }
}

/// <summary>
/// Builds a <see cref="PieceTrie"/>; a piece added twice keeps the later id. From sorted pieces, whose common prefixes are ranges (Yata, "Darts:
/// Double-ARray Trie System"): a vocabulary of 30,000 pieces takes some milliseconds.
/// </summary>
internal sealed class PieceTrieBuilder
{
    private const int Unused = -1;

    /// <summary>Positions to try among the gaps before the children of a node go behind everything else: the array stays dense enough.</summary>
    private const int MaxTries = 32;

    private readonly List<(string Piece, int Id)> _pieces = [];

    /// <summary>Adds a piece; an empty one is ignored.</summary>
    public void Add(ReadOnlySpan<char> piece, int id)
    {
        if (!piece.IsEmpty)
        {
            _pieces.Add((piece.ToString(), id));
        }
    }

    /// <summary>The finished trie.</summary>
    public PieceTrie Build()
    {
        var codes = new ushort[char.MaxValue + 1];
        ushort lastCode = 0;
        foreach (var (piece, _) in _pieces)
        {
            foreach (var character in piece)
            {
                if (codes[character] == 0)
                {
                    codes[character] = ++lastCode;
                }
            }
        }

        // OrderBy is stable: of equal pieces the last one added comes last.
        var sorted = _pieces.OrderBy(static entry => entry.Piece, StringComparer.Ordinal).ToArray();
        var nodes = NewNodes((sorted.Length * 4) + lastCode + 2);
        nodes[PieceTrie.Root].Parent = PieceTrie.Root;
        var (free, end) = (1, 1);
        List<(ushort Code, int From, int To)> children = [];
        var queue = new Queue<(int Node, int Depth, int From, int To)>([(PieceTrie.Root, 0, 0, sorted.Length)]);
        while (queue.TryDequeue(out var range))
        {
            var from = range.From;
            for (; from < range.To && sorted[from].Piece.Length == range.Depth; from++)
            {
                nodes[range.Node].Id = sorted[from].Id;
            }

            children.Clear();
            for (var to = from; from < range.To; from = to)
            {
                var character = sorted[from].Piece[range.Depth];
                for (to = from + 1; to < range.To && sorted[to].Piece[range.Depth] == character; to++)
                {
                }

                children.Add((codes[character], from, to));
            }

            if (children.Count == 0)
            {
                continue;
            }

            while (free < end && nodes[free].Parent != Unused)
            {
                free++;
            }

            var start = FindBase(ref nodes, children, free, end, lastCode);
            nodes[range.Node].Base = start;
            foreach (var (code, first, past) in children)
            {
                nodes[start + code] = new PieceTrie.Node { Parent = range.Node, Id = PieceTrie.NoPiece };
                end = Math.Max(end, start + code + 1);
                queue.Enqueue((start + code, range.Depth + 1, first, past));
            }
        }

        return new PieceTrie(codes, nodes);
    }

    private static int FindBase(ref PieceTrie.Node[] nodes, List<(ushort Code, int From, int To)> children, int free, int end, int lastCode)
    {
        var lowest = children.Min(static child => child.Code);
        var start = Math.Max(0, free - lowest);
        for (var tries = 0; tries < MaxTries && start + lowest < end; tries++)
        {
            nodes = Grown(nodes, start + lastCode + 1);
            var fits = true;
            foreach (var (code, _, _) in children)
            {
                fits &= nodes[start + code].Parent == Unused;
            }

            if (fits)
            {
                return start;
            }

            // The next gap, seen from the lowest child.
            do
            {
                start++;
            }
            while (start + lowest < end && nodes[start + lowest].Parent != Unused);
        }

        start = Math.Max(0, end - lowest);
        nodes = Grown(nodes, start + lastCode + 1);
        return start;
    }

    private static PieceTrie.Node[] Grown(PieceTrie.Node[] nodes, int needed)
    {
        if (needed <= nodes.Length)
        {
            return nodes;
        }

        var grown = NewNodes(Math.Max(needed, nodes.Length * 2));
        nodes.CopyTo(grown, 0);
        return grown;
    }

    private static PieceTrie.Node[] NewNodes(int count)
    {
        var nodes = new PieceTrie.Node[count];
        Array.Fill(nodes, new PieceTrie.Node { Parent = Unused, Id = PieceTrie.NoPiece });
        return nodes;
    }
}
