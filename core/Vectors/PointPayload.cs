using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Quiver.Core.Vectors;

/// <summary>What is stored with a vector.</summary>
public sealed record PointPayload
{
    /// <summary>The tenant and the collection that own the point.</summary>
    public required CollectionKey Scope { get; init; }

    /// <summary>Its document.</summary>
    public required string DocumentId { get; init; }

    /// <summary>The chunk's 0-based number.</summary>
    public required int Chunk { get; init; }

    /// <summary>The chunk's text.</summary>
    public required string Text { get; init; }

    /// <summary>The document's title; null for none.</summary>
    public string? Title { get; init; }

    /// <summary>The headings that the chunk is below, outermost first; see <see cref="SearchHit.Headings"/>.</summary>
    public ImmutableArray<string> Headings { get; init; } = [];

    /// <summary>First character in the document.</summary>
    public required int StartChar { get; init; }

    /// <summary>One past the last character.</summary>
    public required int EndChar { get; init; }

    /// <summary>First line, 1-based.</summary>
    public required int StartLine { get; init; }

    /// <summary>Last line.</summary>
    public required int EndLine { get; init; }

    /// <summary>The job's generation.</summary>
    public required long Generation { get; init; }

    /// <summary>The job activation's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>Time of the write, UTC.</summary>
    public required DateTimeOffset IndexedAt { get; init; }

    /// <summary>The document's other fields, without its title.</summary>
    public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>Names of payload fields in every store; metadata fields never use these names.</summary>
public static class PayloadFields
{
    /// <summary>The tenant.</summary>
    public const string Tenant = "tenant_id";

    /// <summary>The tenant's collection.</summary>
    public const string Collection = "collection";

    /// <summary>The document.</summary>
    public const string DocumentId = "document_id";

    /// <summary>The chunk's number.</summary>
    public const string Chunk = "chunk";

    /// <summary>The chunk's text.</summary>
    public const string Text = "text";

    /// <summary>The document's title: a metadata field of this name holds it.</summary>
    public const string Title = "title";

    /// <summary>The chunk's headings.</summary>
    public const string Headings = "headings";

    /// <summary>First character.</summary>
    public const string StartChar = "start_char";

    /// <summary>One past the last character.</summary>
    public const string EndChar = "end_char";

    /// <summary>First line.</summary>
    public const string StartLine = "start_line";

    /// <summary>Last line.</summary>
    public const string EndLine = "end_line";

    /// <summary>The job's generation.</summary>
    public const string Generation = "generation";

    /// <summary>The activation's epoch.</summary>
    public const string Epoch = "epoch";

    /// <summary>Time of the write.</summary>
    public const string IndexedAt = "indexed_at";

    /// <summary>All of these names.</summary>
    public static ImmutableHashSet<string> Reserved { get; } =
        [Tenant, Collection, DocumentId, Chunk, Text, Title, Headings, StartChar, EndChar, StartLine, EndLine, Generation, Epoch, IndexedAt];

    /// <summary>Whether a field of a document needs another name in its metadata. A field <c>title</c> does not: it is the document's title.</summary>
    /// <param name="name">The field's name in its source.</param>
    public static bool IsTaken(string name) => name != Title && Reserved.Contains(name);
}

/// <summary>A payload's JSON form, the same in every store and in exports.</summary>
public static class PayloadJson
{
    // Exports are never embedded in HTML, so characters stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON object: <see cref="PayloadFields"/> in their order, then metadata by name.</summary>
    /// <param name="payload">The payload.</param>
    public static string Write(PointPayload payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, payload);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the JSON object.</summary>
    /// <param name="writer">The target.</param>
    /// <param name="payload">The payload.</param>
    public static void Write(Utf8JsonWriter writer, PointPayload payload)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(payload);
        writer.WriteStartObject();
        writer.WriteString(PayloadFields.Tenant, payload.Scope.Tenant.Value);
        writer.WriteString(PayloadFields.Collection, payload.Scope.Collection.Value);
        writer.WriteString(PayloadFields.DocumentId, payload.DocumentId);
        writer.WriteNumber(PayloadFields.Chunk, payload.Chunk);
        writer.WriteString(PayloadFields.Text, payload.Text);
        if (payload.Title is { } title)
        {
            writer.WriteString(PayloadFields.Title, title);
        }

        if (!payload.Headings.IsDefaultOrEmpty)
        {
            writer.WriteStartArray(PayloadFields.Headings);
            foreach (var heading in payload.Headings)
            {
                writer.WriteStringValue(heading);
            }

            writer.WriteEndArray();
        }

        writer.WriteNumber(PayloadFields.StartChar, payload.StartChar);
        writer.WriteNumber(PayloadFields.EndChar, payload.EndChar);
        writer.WriteNumber(PayloadFields.StartLine, payload.StartLine);
        writer.WriteNumber(PayloadFields.EndLine, payload.EndLine);
        writer.WriteNumber(PayloadFields.Generation, payload.Generation);
        writer.WriteNumber(PayloadFields.Epoch, payload.Epoch);
        writer.WriteString(PayloadFields.IndexedAt, payload.IndexedAt);
        foreach (var (name, value) in payload.Metadata.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
    }
}
