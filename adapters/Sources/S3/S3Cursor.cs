using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.S3;

/// <summary>Where a source goes on: within an object, or behind its key.</summary>
internal sealed record S3Cursor
{
    // Cursors are bounded in length and never part of a page.
    private static readonly S3CursorJson Json = new(new JsonSerializerOptions(S3CursorJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The index of the root.</summary>
    public int Root { get; init; }

    /// <summary>The whole key.</summary>
    public string Key { get; init; } = "";

    /// <summary>Whether everything of the object was yielded.</summary>
    public bool Done { get; init; }

    /// <summary>The version that the place belongs to.</summary>
    public string? ETag { get; init; }

    /// <summary>Bytes before the place; of a packed object, bytes of its content.</summary>
    public long Offset { get; init; }

    public long Index { get; init; }

    public long Line { get; init; }

    public RecordState State { get; init; }

    /// <summary>How often the object was begun anew, because it had changed while it was read.</summary>
    public int Rereads { get; init; }

    [JsonIgnore]
    public RecordPosition Position => new(Offset, Index, Line, State);

    public S3Cursor At(RecordPosition place) => this with { Offset = place.Offset, Index = place.Index, Line = place.Line, State = place.State };

    /// <exception cref="PermanentException">The cursor is not one of this source.</exception>
    public static S3Cursor? Parse(string position, int roots)
    {
        if (position.Length == 0)
        {
            return null;
        }

        JsonException? error = null;
        try
        {
            if (JsonSerializer.Deserialize(position, Json.S3Cursor) is { Key: not null } cursor && cursor.Root >= 0 && cursor.Root < roots)
            {
                return cursor;
            }
        }
        catch (JsonException e)
        {
            error = e;
        }

        throw new PermanentException(ErrorCodes.SourceChanged, "The job's place in S3 cannot be understood; start a new job over the same source.", error);
    }

    public override string ToString() => JsonSerializer.Serialize(this, Json.S3Cursor);
}
