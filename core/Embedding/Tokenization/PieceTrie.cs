namespace Quiver.Core.Embedding.Tokenization;

/// <summary>
/// A double-array trie from UTF-16 strings to vocabulary entries: one array access per character, no hashing. Immutable.
/// </summary>
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

    /// <summary>Goes from a node along a character.</summary>
    /// <returns>False when no piece continues that way.</returns>
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

    /// <summary>The longest piece that starts <paramref name="text"/>.</summary>
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

    /// <summary>A slot of the double array; the children of a node stand at its base plus their character's code.</summary>
    internal struct Node
    {
        public int Base;
        public int Parent;
        public int Id;
    }
}
