using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Files;

/// <summary>Where a walk resumes: inside a file, or behind it.</summary>
internal sealed record FileCursor
{
    // Cursors have a limited length and are never part of a web page, which is what the default escapes are for.
    private static readonly FileCursorJson Json =
        new(new JsonSerializerOptions(FileCursorJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

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
    public static FileCursor? Parse(string position, int roots)
    {
        if (position.Length == 0)
        {
            return null;
        }

        try
        {
            if (JsonSerializer.Deserialize(position, Json.FileCursor) is { } cursor && cursor.Root >= 0 && cursor.Root < roots && cursor.Path is not null)
            {
                return cursor;
            }
        }
        catch (JsonException exception)
        {
            throw Foreign(exception);
        }

        throw Foreign(null);
    }

    public override string ToString() => JsonSerializer.Serialize(this, Json.FileCursor);

    private static PermanentException Foreign(Exception? exception) =>
        new(ErrorCodes.SourceChanged, "The job's cursor in its source is not readable; start a new job over the same source.", exception);
}

/// <summary>The stored form of cursors; generated at build time to keep the first command of a process fast.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FileCursor))]
internal sealed partial class FileCursorJson : JsonSerializerContext;
