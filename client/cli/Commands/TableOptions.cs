using System.CommandLine;
using Quiver.Cli.Parsing;

namespace Quiver.Cli.Commands;

/// <summary>What <c>quiver ingest</c> takes for a source that is a table.</summary>
internal sealed class TableOptions
{
    private readonly Option<string?> _table = Options.Text("--table", "NAME", "The table or view of a postgres:// address. Default: none; an address needs one.");
    private readonly Option<string?> _schema = Options.Text("--schema", "NAME", "The table's schema. Default: public.");
    private readonly Option<string[]> _key = Options.Texts("--key", "COLUMN", "A column of the key that tells rows apart and orders them; repeatable. Default: the primary key.");
    private readonly Option<string[]> _id = Options.Texts("--id-column", "COLUMN", "A column of a document's id; repeatable. Default: the table's name and the key.");
    private readonly Option<string[]> _text = Options.Texts("--text-column", "COLUMN", "A column that holds text; repeatable. Default: text.");
    private readonly Option<string[]> _metadata = Options.Texts("--metadata-column", "COLUMN", "A column kept beside the text; repeatable. Default: none.");
    private readonly Option<string?> _where = Options.Text("--where", "SQL", "A condition that rows must meet. Default: all rows.");
    private readonly Option<string?> _sinceColumn = Options.Text("--since-column", "COLUMN", "The column that --since is a bound of. Default: none.");
    private readonly Option<string?> _since = Options.Text("--since", "VALUE", "Read only rows whose --since-column has this value or more. Default: all rows.");

    /// <summary>All of them, in the order of the reference.</summary>
    public IEnumerable<Option> All => [_table, _schema, _key, _id, _text, _metadata, _where, _sinceColumn, _since];

    /// <summary>The table; null when nothing was said about one.</summary>
    /// <exception cref="InvalidRequestException">Something was said about a table that is not named.</exception>
    public TableSpec? ToSpec(ParseResult parse)
    {
        if (All.All(option => parse.GetResult(option) is null))
        {
            return null;
        }

        return new()
        {
            Name = parse.GetValue(_table)
                ?? throw new InvalidRequestException(ErrorCodes.InvalidOption, "Name the table or view with --table."),
            Schema = parse.GetValue(_schema) ?? "public",
            KeyColumns = [.. parse.GetValue(_key) ?? []],
            IdColumns = [.. parse.GetValue(_id) ?? []],
            TextColumns = [.. parse.GetValue(_text) ?? []],
            MetadataColumns = [.. parse.GetValue(_metadata) ?? []],
            Where = parse.GetValue(_where),
            SinceColumn = parse.GetValue(_sinceColumn),
            Since = parse.GetValue(_since),
        };
    }
}
