using System.Text;
using Quiver.Core.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>Validates specs of kind <c>postgres</c> without asking the database.</summary>
internal static class TableSpecValidator
{
    /// <summary>The default text column.</summary>
    public const string TextColumn = "text";

    private const int MaxColumns = 16;
    private const int MaxNameCharacters = 63;
    private const int MaxWhereCharacters = 4_096;
    private const int MaxSinceCharacters = 256;

    // One more field holds the table.
    private const int MaxMetadataColumns = RecordConstants.MaxFields - 1;

    /// <summary>Validates a spec.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>; the message names every error.</exception>
    public static void Validate(SourceSpec spec) =>
        SourceSpecValidator.Refuse([.. SourceErrors(spec), .. SourceSpecValidator.CommonErrors(spec), .. spec.Table is { } table ? TableErrors(table) : []]);

    private static IEnumerable<string> SourceErrors(SourceSpec spec)
    {
        if (spec.Paths.IsDefaultOrEmpty || spec.Paths.Length != 1 || spec.Paths[0] is null)
        {
            yield return "Give exactly one postgres:// address.";
        }

        if (spec.Table is null)
        {
            yield return "Name the table or view to read (--table, in JSON source.table.name).";
        }

        if (spec.IdField is not null || spec.TextField is not null)
        {
            yield return "Fields belong to files: name the columns of a table (--id-column and --text-column, in JSON source.table.idColumns and textColumns).";
        }

        if (!spec.Include.IsDefaultOrEmpty || !spec.Exclude.IsDefaultOrEmpty)
        {
            yield return "Globs belong to files: use a condition (--where, in JSON source.table.where).";
        }

        if (spec.Format is not (DocumentFormat.Auto or DocumentFormat.Text or DocumentFormat.Markdown or DocumentFormat.Code))
        {
            yield return "The format of a row's text is auto (plain), text, markdown or code: choose one of them.";
        }
    }

    private static IEnumerable<string> TableErrors(TableSpec table)
    {
        foreach (var (what, name) in new[] { ("schema", table.Schema), ("table", table.Name) })
        {
            if (!IsIdentifier(name))
            {
                yield return Unfit(what);
            }
        }

        foreach (var (what, columns, limit) in new[]
        {
            ("key", table.KeyColumns, MaxColumns),
            ("id", table.IdColumns, MaxColumns),
            ("text", table.TextColumns, MaxColumns),
            ("metadata", table.MetadataColumns, MaxMetadataColumns),
        })
        {
            if (columns.IsDefaultOrEmpty)
            {
                continue;
            }

            if (columns.Length > limit)
            {
                yield return $"Give at most {limit} {what} columns, not {columns.Length}.";
            }

            if (!columns.All(IsIdentifier))
            {
                yield return Unfit($"{what} column");
            }

            if (columns.Distinct(StringComparer.Ordinal).Count() < columns.Length)
            {
                yield return $"A {what} column is named twice: name it once.";
            }
        }

        if (table.SinceColumn is { } since && !IsIdentifier(since))
        {
            yield return Unfit("since column");
        }

        if (table.SinceColumn is null != table.Since is null)
        {
            yield return "A bound needs a column and a column a bound: give --since-column and --since (in JSON source.table.sinceColumn and since) together.";
        }

        if (table.Since is { Length: 0 or > MaxSinceCharacters } || table.Since?.Contains('\0', StringComparison.Ordinal) == true)
        {
            yield return $"The bound (--since, in JSON source.table.since) is empty, has more than {MaxSinceCharacters} characters, or holds a NUL: correct it or leave it out.";
        }

        if (table.Where is { Length: > MaxWhereCharacters })
        {
            yield return $"The condition has more than {MaxWhereCharacters} characters: shorten it, or make a view.";
        }
        else if (table.Where is { } where && FilterExpression.FindFault(where) is { } fault)
        {
            yield return $"The condition (--where, in JSON source.table.where) {fault}.";
        }
    }

    /// <summary>The server silently cuts off longer names, which then mean something else.</summary>
    private static bool IsIdentifier(string? name) =>
        !string.IsNullOrEmpty(name) && Encoding.UTF8.GetByteCount(name) <= MaxNameCharacters && !name.Contains('\0', StringComparison.Ordinal);

    private static string Unfit(string what) => $"The name of a {what} is empty, has more than {MaxNameCharacters} bytes, or holds a NUL: use the name in the database.";
}
