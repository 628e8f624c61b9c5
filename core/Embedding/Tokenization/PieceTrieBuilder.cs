namespace Quiver.Core.Embedding.Tokenization;

/// <summary>Builds a <see cref="PieceTrie"/>; a piece added twice keeps the later id.</summary>
internal sealed class PieceTrieBuilder
{
    private const int Unused = -1;

    private readonly ushort[] _codes = new ushort[char.MaxValue + 1];
    private readonly List<Draft> _drafts = [new Draft()];
    private int _lastCode;

    /// <summary>Adds a piece; the empty one is ignored.</summary>
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

    /// <summary>The finished trie.</summary>
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
        // Starting at the first free slot keeps the search short; what lies before it is full.
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
