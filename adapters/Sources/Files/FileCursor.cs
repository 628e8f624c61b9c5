using System.Text.Json;
using System.Text.Json.Serialization;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Files;

/// <summary>Where a walk resumes: inside a file, or after it.</summary>
internal sealed record FileCursor
{
    private static readonly FileCursorJson Json = new(CursorJson.Options(FileCursorJson.Default.Options));

    /// <summary>The index of the root.</summary>
    public int Root { get; init; }

    /// <summary>The file below it.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether the whole file was yielded.</summary>
    public bool Done { get; init; }

    public long Offset { get; init; }

    public long Index { get; init; }

    public long Line { get; init; }

    public RecordState State { get; init; }

    /// <summary>The file's length when it was opened.</summary>
    public long Length { get; init; }

    /// <summary>The file's time of modification when it was opened, in ticks.</summary>
    public long Modified { get; init; }

    /// <summary>The hash of the bytes before <see cref="Offset"/>; null where it is not needed or could not be read.</summary>
    public string? Before { get; init; }

    [JsonIgnore]
    public RecordCursor Position => new(Offset, Index, Line, State);

    /// <exception cref="PermanentException">The cursor does not belong to this source.</exception>
    public static FileCursor? Parse(string position, int roots) => CursorJson.Parse(
        position,
        Json.FileCursor,
        cursor => cursor.Root >= 0 && cursor.Root < roots && cursor.Path is not null,
        "The job's cursor in its source is not readable; start a new job over the same source.");

    public override string ToString() => JsonSerializer.Serialize(this, Json.FileCursor);
}

/// <summary>The stored form of cursors; generated at build time to keep the first command of a process fast.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FileCursor))]
internal sealed partial class FileCursorJson : JsonSerializerContext;
