namespace Quiver.Core.Chunking;

/// <summary>The line borders around the current chunk: read on demand, dropped behind it.</summary>
internal sealed class BorderWindow(LineScanner scanner)
{
    private const int Slack = 256;
    private readonly List<LineBorder> _borders = [];
    private LineBorder? _before;
    private int _first;
    private int _floor;
    private int _read = -1;
    private bool _ended;

    /// <summary>Drops the borders before a position.</summary>
    public void DropBefore(int position)
    {
        _floor = position;
        while (_first < _borders.Count && _borders[_first].Position < position)
        {
            _before = _borders[_first++];
        }

        if (_first < Slack)
        {
            return;
        }

        _borders.RemoveRange(0, _first);
        _first = 0;
    }

    /// <summary>The line that a position is in, or the last one before it; null for none. The position is not before what was dropped.</summary>
    public LineBorder? LineAt(int position)
    {
        Read(position);
        var line = _before;
        for (var i = _first; i < _borders.Count && _borders[i].Position <= position; i++)
        {
            line = _borders[i];
        }

        return line;
    }

    /// <summary>The start of the lines right before a position, and behind another one, that belong to what is below them; negative for none.</summary>
    public int LeadBefore(int position, int behind)
    {
        Read(position);
        var start = -1;
        for (var i = _borders.Count - 1; i >= _first && _borders[i].Position > behind; i--)
        {
            if (_borders[i].Position >= position)
            {
                continue;
            }

            if (!_borders[i].LeadsOn)
            {
                break;
            }

            start = _borders[i].Position;
        }

        return start;
    }

    /// <summary>The last border of each strength behind one position and up to another; negative for none.</summary>
    public void LastWithin(int behind, int to, Span<int> positions)
    {
        Read(to);
        positions.Fill(-1);
        for (var i = _borders.Count - 1; i >= _first && _borders[i].Position > behind; i--)
        {
            ref var position = ref positions[(int)_borders[i].Strength];
            if (_borders[i].Position <= to && position < 0)
            {
                position = _borders[i].Position;
            }
        }
    }

    /// <summary>The first border in a range, of at least a strength; negative for none.</summary>
    public int FirstWithin(int from, int before, BorderStrength weakest)
    {
        Read(before);
        for (var i = _first; i < _borders.Count && _borders[i].Position < before; i++)
        {
            if (_borders[i].Position >= from && _borders[i].Strength <= weakest)
            {
                return _borders[i].Position;
            }
        }

        return -1;
    }

    private void Read(int to)
    {
        while (!_ended && _read <= to)
        {
            if (!scanner.TryNext(out var border))
            {
                _ended = true;
                break;
            }

            // A resumed run reads all earlier lines too: they determine the rating of the later ones.
            _read = border.Position;
            if (_read >= _floor)
            {
                _borders.Add(border);
            }
            else
            {
                _before = border;
            }
        }
    }
}
