using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Files;

/// <summary>Where a walk goes on: within a file, or behind it.</summary>
internal sealed record FileCursor
{
    // Cursors are bounded in length and never part of a page.
    private static readonly FileCursorJson Json = new(new JsonSerializerOptions(FileCursorJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The index of the root.</summary>
    public int Root { get; init; }

    /// <summary>The file below it.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether everything of the file was yielded.</summary>
    public bool Done { get; init; }

    public long Offset { get; init; }

    public long Index { get; init; }

    public long Line { get; init; }

    public RecordState State { get; init; }

    /// <summary>The file's length when it was opened.</summary>
    public long Length { get; init; }

    /// <summary>The file's time of modification when it was opened, in ticks.</summary>
    public long Modified { get; init; }

    /// <summary>The <see cref="FileTail"/> before <see cref="Offset"/>; null where it is not needed or could not be read.</summary>
    public string? Before { get; init; }

    [JsonIgnore]
    public RecordPosition Position => new(Offset, Index, Line, State);

    /// <exception cref="PermanentException">The cursor is not one of this source.</exception>
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
        catch (JsonException e)
        {
            throw Foreign(e);
        }

        throw Foreign(null);
    }

    public override string ToString() => JsonSerializer.Serialize(this, Json.FileCursor);

    private static PermanentException Foreign(Exception? e) =>
        new(ErrorCodes.SourceChanged, "The job's place in its source cannot be understood; start a new job over the same source.", e);
}
