namespace Quiver.Core.Chunking;

/// <summary>How good a place is for a cut; the smaller, the better.</summary>
internal enum BorderStrength
{
    /// <summary>Before a heading or a top-level declaration.</summary>
    Section = 0,

    /// <summary>Before a paragraph, a list, a table, fenced code, or a member.</summary>
    Block = 1,

    /// <summary>Before a list item or a block inside a member.</summary>
    SubBlock = 2,

    /// <summary>Before a line that begins something.</summary>
    Line = 3,

    /// <summary>Behind a sentence.</summary>
    Sentence = 4,

    /// <summary>Before a line that goes on with the one above.</summary>
    SoftLine = 5,

    /// <summary>Between words.</summary>
    Word = 6,
}
