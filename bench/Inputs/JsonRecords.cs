using System.Text.Json;

namespace Quiver.Bench.Inputs;

/// <summary>Writes files of JSON records as data sets have them: an id, a title, a few short fields, the text.</summary>
internal sealed class JsonRecords(int seed)
{
    private readonly Prose _prose = new(seed);

    /// <summary>JSON Lines with texts of documents' lengths, median 1,200 characters.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isFull">Asked with records and bytes written so far.</param>
    /// <returns>The records written.</returns>
    public long WriteArticles(string path, Func<long, long, bool> isFull) => Write(path, asArray: false, isFull, writer => Article(writer, _prose.Length(1_200, 0.8)));

    /// <summary>Records of about 16 KB, of which the text is about 2 KB: the rest is a list of numbers, as exports carry them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="asArray">One JSON array instead of lines.</param>
    /// <param name="isFull">Asked with records and bytes written so far.</param>
    /// <returns>The records written.</returns>
    public long WriteWide(string path, bool asArray, Func<long, long, bool> isFull)
    {
        // The numbers repeat from record to record; making new ones would take longer than reading them.
        var numbers = "[" + string.Join(',', Enumerable.Range(0, 1_400).Select(i => (i * 0.618033 % 1).ToString("F7", System.Globalization.CultureInfo.InvariantCulture))) + "]";
        return Write(path, asArray, isFull, writer =>
        {
            Article(writer, 2_000);
            writer.WritePropertyName("features");
            writer.WriteRawValue(numbers, skipInputValidation: true);
        });
    }

    private static long Write(string path, bool asArray, Func<long, long, bool> isFull, Action<Utf8JsonWriter> fields)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        using var writer = new Utf8JsonWriter(file);
        var count = 0L;
        var bytes = 0L;
        file.Write(asArray ? "["u8 : []);
        for (; !isFull(count, bytes); count++)
        {
            file.Write(asArray && count > 0 ? ",\n"u8 : []);
            writer.WriteStartObject();
            writer.WriteString("id", $"record-{count}");
            fields(writer);
            writer.WriteEndObject();
            writer.Flush();
            bytes += writer.BytesCommitted + 1;
            writer.Reset();
            file.Write(asArray ? [] : "\n"u8);
        }

        file.Write(asArray ? "]\n"u8 : []);
        return count;
    }

    private void Article(Utf8JsonWriter writer, int characters)
    {
        writer.WriteString("title", _prose.Text(40));
        writer.WriteString("language", "en");
        writer.WriteString("published", "2026-03-14T09:26:53Z");
        writer.WriteString("url", "https://example.org/articles/2026/03/14");
        writer.WriteString("text", _prose.Text(characters));
    }
}
