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

/// <summary>Builds a <see cref="PieceTrie"/>; a piece added twice keeps the later id.</summary>
internal sealed class PieceTrieBuilder
{
    private const int Unused = -1;

    private readonly ushort[] _codes = new ushort[char.MaxValue + 1];
    private readonly List<Draft> _drafts = [new Draft()];
    private int _lastCode;

    /// <summary>Adds a piece; an empty one is ignored.</summary>
    public void Add(ReadOnlySpan<char> piece, int id)
    {
        var draft = _drafts[0];
        foreach (var character in piece)
        {
            ref var code = ref _codes[character];
            if (code == 0)
            {
                code = (ushort)++_lastCode;
            }

            draft = Child(draft, code);
        }

        if (!piece.IsEmpty)
        {
            draft.Id = id;
        }
    }

    public PieceTrie Build()
    {
        var nodes = NewNodes((_drafts.Count * 2) + _lastCode + 2);
        nodes[PieceTrie.Root].Parent = PieceTrie.Root;
        var queue = new Queue<(Draft Draft, int Index)>([(_drafts[0], PieceTrie.Root)]);
        var free = 1;
        while (queue.TryDequeue(out var item))
        {
            if (item.Draft.Children.Count == 0)
            {
                continue;
            }

            while (nodes[free].Parent != Unused)
            {
                free++;
                nodes = Grown(nodes, free + 1);
            }

            nodes[item.Index].Base = FindBase(ref nodes, item.Draft.Children, free);
            foreach (var (code, child) in item.Draft.Children)
            {
                var index = nodes[item.Index].Base + code;
                nodes[index] = new PieceTrie.Node { Parent = item.Index, Id = child.Id };
                queue.Enqueue((child, index));
            }
        }

        return new PieceTrie(_codes, nodes);
    }

    private int FindBase(ref PieceTrie.Node[] nodes, List<(ushort Code, Draft Child)> children, int free)
    {
        // All slots before the first free one are taken, so the search starts there.
        for (var start = Math.Max(0, free - children[0].Code); ; start++)
        {
            nodes = Grown(nodes, start + _lastCode + 1);
            var fits = true;
            foreach (var (code, _) in children)
            {
                fits &= nodes[start + code].Parent == Unused;
            }

            if (fits)
            {
                return start;
            }
        }
    }

    private Draft Child(Draft parent, ushort code)
    {
        foreach (var (known, child) in parent.Children)
        {
            if (known == code)
            {
                return child;
            }
        }

        var added = new Draft();
        _drafts.Add(added);
        parent.Children.Add((code, added));
        return added;
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

    private sealed class Draft
    {
        public int Id { get; set; } = PieceTrie.NoPiece;

        public List<(ushort Code, Draft Child)> Children { get; } = [];
    }
}
