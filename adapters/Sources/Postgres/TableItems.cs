using System.Globalization;
using System.Text;
using Quiver.Core.Formats;
using Quiver.Core.Vectors;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>Turns rows into documents or faults.</summary>
internal sealed class TableItems(TableLayout layout, string origin, DocumentFormat format, int maxDocumentBytes)
{
    /// <summary>The metadata field that holds the table.</summary>
    public const string TableField = "table";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ImmutableArray<string> _names = [.. layout.Metadata.Select(static name =>
        name == TableField ? "source_" + name : MetadataName.Of(name) ?? name)];

    /// <summary>The document of a row, or its fault.</summary>
    public Document Create(TableRow row, long ordinal)
    {
        var derived = $"{Escape(layout.Title)}/{Join(row.Key, isDerived: true)}";
        var id = layout.Id.IsEmpty ? derived : row.Id.Contains(null) ? "" : Join(row.Id, isDerived: row.Id.Length > 1);
        var item = new Document
        {
            Ordinal = ordinal,
            Id = id.Length is > 0 and <= RecordConstants.MaxIdCharacters ? id : CutText.At(derived, RecordConstants.MaxIdCharacters),
            Origin = origin,
            Format = format is DocumentFormat.Markdown or DocumentFormat.Code ? format : DocumentFormat.Text,
            HasExplicitId = !layout.Id.IsEmpty,
            SourceBytes = row.TextBytes,
        };
        if (id.Length == 0)
        {
            return Fault(item, ErrorCodes.MissingId, $"the id is null or empty in {Columns(layout.Id)}", hidesOthers: true);
        }

        if (id.Length > RecordConstants.MaxIdCharacters)
        {
            return Fault(
                item,
                ErrorCodes.MalformedRecord,
                $"the id has more than {RecordConstants.MaxIdCharacters} characters; name shorter columns with --id-column (in JSON source.table.idColumns)",
                hidesOthers: true);
        }

        if (row.TextBytes > maxDocumentBytes)
        {
            return Fault(
                item,
                ErrorCodes.DocumentTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"the text has {row.TextBytes} bytes; at most {maxDocumentBytes} are allowed: raise --max-document-bytes (in JSON source.maxDocumentBytes)"));
        }

        return WithText(item, row);
    }

    private Document WithText(Document item, TableRow row)
    {
        if (row.Text.All(static text => text is null))
        {
            return Fault(item, ErrorCodes.MissingText, $"there is no text: {Columns(layout.Text)} null");
        }

        string text;
        try
        {
            text = string.Join("\n\n", row.Text.OfType<byte[]>().Select(Strict.GetString));
        }
        catch (DecoderFallbackException)
        {
            return Fault(item, ErrorCodes.InvalidUtf8, "the text is not valid UTF-8");
        }

        return string.IsNullOrWhiteSpace(text)
            ? Fault(item, ErrorCodes.EmptyDocument, $"there is no text: {Columns(layout.Text)} blank")
            : item with { Text = text, Metadata = Metadata(row) };
    }

    private ImmutableDictionary<string, string> Metadata(TableRow row)
    {
        var metadata = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in _names.Zip(row.Metadata))
        {
            if (value is not null)
            {
                metadata[name] = CutText.At(value, RecordConstants.MaxValueCharacters);
            }
        }

        metadata[TableField] = layout.Title;
        return metadata.ToImmutable();
    }

    private Document Fault(Document item, string code, string reason, bool hidesOthers = false) => item with
    {
        FaultCode = code,
        FaultReason = $"{item.Id}: {reason}.",
        Metadata = ImmutableDictionary<string, string>.Empty.Add(TableField, layout.Title),
        HidesOthers = hidesOthers,
    };

    private static string Columns(ImmutableArray<string> names) => $"{string.Join(", ", names.Select(SqlName.Quote))} {(names.Length == 1 ? "is" : "are")}";

    /// <summary>Joins values; different values give different results.</summary>
    private static string Join(ImmutableArray<string?> values, bool isDerived) =>
        string.Join('/', values.Select(value => isDerived ? Escape(value ?? "") : value));

    private static string Escape(string value) =>
        value.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
}
