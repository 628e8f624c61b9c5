using System.Text;

namespace Quiver.Pipeline.Embedding.Tokenization;

/// <summary>
/// Normalises a text (NFKC) segment by segment. Most segments need no work and are slices of the text; the others are as short as
/// normalisation allows, so that places in the result can be traced back.
/// </summary>
internal ref struct NfkcReader(ReadOnlySpan<char> text)
{
    private const int MaxSegment = 1024;

    private readonly ReadOnlySpan<char> _text = text;
    private int _position;
    private int _splitUntil;

    /// <summary>Gives the next segment.</summary>
    /// <param name="segment">Its normalised form; when <paramref name="unchanged"/>, character for character that of the text.</param>
    /// <param name="start">Where it starts in the text.</param>
    /// <param name="end">Where it ends in the text.</param>
    /// <param name="unchanged">Whether it is a slice of the text.</param>
    /// <returns>False at the end of the text.</returns>
    public bool TryRead(out ReadOnlySpan<char> segment, out int start, out int end, out bool unchanged)
    {
        start = _position;
        if (start == _text.Length)
        {
            segment = [];
            end = start;
            unchanged = true;
            return false;
        }

        end = AsciiEnd(start);
        if (end > start)
        {
            unchanged = true;
        }
        else
        {
            end = SegmentEnd(start, out unchanged);
        }

        segment = _text[start..end];
        if (!unchanged)
        {
            segment = segment.ToString().Normalize(NormalizationForm.FormKC);
        }

        _position = end;
        return true;
    }

    /// <summary>The end of the ASCII run, without a last character that a following mark belongs to.</summary>
    private readonly int AsciiEnd(int start)
    {
        var window = _text[start..Math.Min(_text.Length, start + MaxSegment)];
        var length = window.IndexOfAnyExceptInRange('\0', '\x7F');
        var end = start + (length < 0 ? window.Length : length);
        return end == start || end == _text.Length || NormalizationBoundary.IsBefore(_text, end) ? end : end - 1;
    }

    private int SegmentEnd(int start, out bool unchanged)
    {
        unchanged = true;
        if (NormalizationBoundary.IsRefused(_text, start))
        {
            return start + 1;
        }

        if (start >= _splitUntil)
        {
            var block = BlockEnd(start);
            if (_text[start..block].IsNormalized(NormalizationForm.FormKC))
            {
                return block;
            }

            _splitUntil = block;
        }

        var end = NextBoundary(start);
        unchanged = _text[start..end].IsNormalized(NormalizationForm.FormKC);
        return end;
    }

    /// <summary>The end of the run of segments up to the next ASCII text or refused character.</summary>
    private readonly int BlockEnd(int start)
    {
        var end = NextBoundary(start);
        while (end < _text.Length && end - start < MaxSegment / 2 && !char.IsAscii(_text[end]) && !NormalizationBoundary.IsRefused(_text, end))
        {
            end = NextBoundary(end);
        }

        return end;
    }

    private readonly int NextBoundary(int start)
    {
        var end = start + 1;
        while (end < _text.Length && !NormalizationBoundary.IsBefore(_text, end) && !NormalizationBoundary.IsRefused(_text, end))
        {
            // A pile of marks without end is no text; memory stays bounded.
            if (end - start >= MaxSegment && !char.IsLowSurrogate(_text[end]))
            {
                break;
            }

            end++;
        }

        return end;
    }
}
