using System.Text;

namespace Quiver.Cli.Output;

/// <summary>A table aligned with spaces, the same on a terminal and in a pipe; no column is cut.</summary>
internal sealed class TextTable(params ReadOnlySpan<string> headers)
{
    private const int Gap = 2;
    private readonly List<string[]> _rows = [headers.ToArray()];
    private readonly bool[] _right = new bool[headers.Length];

    /// <summary>Right-aligns columns.</summary>
    public TextTable Right(params ReadOnlySpan<int> columns)
    {
        foreach (var column in columns)
        {
            _right[column] = true;
        }

        return this;
    }

    /// <summary>Adds a row with one cell per header. Control characters are escaped here, so that the columns stay aligned.</summary>
    public void Add(params ReadOnlySpan<string> cells) => _rows.Add([.. cells.ToArray().Select(TerminalText.Escape)]);

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
