using System.Text.Json;
using System.Text.Json.Serialization;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.S3;

/// <summary>Where a source resumes: inside an object, or after its key.</summary>
internal sealed record S3Cursor
{
    private static readonly S3CursorJson Json = new(CursorJson.Options(S3CursorJson.Default.Options));

    /// <summary>The index of the root.</summary>
    public int Root { get; init; }

    /// <summary>The whole key.</summary>
    public string Key { get; init; } = "";

    /// <summary>Whether the whole object was yielded.</summary>
    public bool Done { get; init; }

    /// <summary>The version of the object that was read.</summary>
    public string? ETag { get; init; }

    /// <summary>Bytes before the cursor; for a packed object, bytes of its content.</summary>
    public long Offset { get; init; }

    public long Index { get; init; }

    public long Line { get; init; }

    public RecordState State { get; init; }

    /// <summary>How often reading restarted because the object had changed.</summary>
    public int Rereads { get; init; }

    [JsonIgnore]
    public RecordCursor Position => new(Offset, Index, Line, State);

    public S3Cursor At(RecordCursor cursor) => this with { Offset = cursor.Offset, Index = cursor.Index, Line = cursor.Line, State = cursor.State };

    /// <exception cref="PermanentException">The cursor does not belong to this source.</exception>
    public static S3Cursor? Parse(string position, int roots) => CursorJson.Parse(
        position,
        Json.S3Cursor,
        cursor => cursor.Root >= 0 && cursor.Root < roots && cursor.Key is not null,
        "The job's cursor in S3 is not readable; start a new job over the same source.");

    public override string ToString() => JsonSerializer.Serialize(this, Json.S3Cursor);
}

/// <summary>The stored form of cursors.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(S3Cursor))]
internal sealed partial class S3CursorJson : JsonSerializerContext;
