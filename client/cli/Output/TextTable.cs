using System.Text;

namespace Quiver.Cli.Output;

/// <summary>Columns aligned by spaces, the same on a terminal and in a pipe; the last column is never cut.</summary>
internal sealed class TextTable(params ReadOnlySpan<string> headers)
{
    private const int Gap = 2;
    private readonly List<string[]> _rows = [headers.ToArray()];
    private readonly bool[] _right = new bool[headers.Length];

    /// <summary>Aligns columns to the right, for numbers.</summary>
    public TextTable Right(params ReadOnlySpan<int> columns)
    {
        foreach (var column in columns)
        {
            _right[column] = true;
        }

        return this;
    }

    /// <summary>Adds a row of as many cells as there are headers.</summary>
    public void Add(params ReadOnlySpan<string> cells) => _rows.Add(cells.ToArray());

    /// <summary>Writes headers and rows.</summary>
    public void WriteTo(CliOutput output)
    {
        var widths = new int[_right.Length];
        foreach (var row in _rows)
        {
            for (var i = 0; i < widths.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        var line = new StringBuilder();
        foreach (var row in _rows)
        {
            line.Clear();
            for (var i = 0; i < widths.Length; i++)
            {
                line.Append(_right[i] ? row[i].PadLeft(widths[i]) : row[i].PadRight(widths[i])).Append(' ', Gap);
            }

            output.Line(line.ToString().TrimEnd());
        }
    }
}
