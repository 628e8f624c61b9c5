using System.Globalization;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Formats.Markdown;

/// <summary>
/// Finds front matter: a block at the beginning of a file, of YAML between two lines <c>---</c> or of TOML between two lines <c>+++</c>. Its
/// fields become metadata, and the document's text begins behind it.
/// </summary>
internal static class FrontMatter
{
    // More is no front matter, and would cost more to parse than it is worth.
    private const int MaxCharacters = 64 * 1024;
    private const int MaxFaultCharacters = 500;
    private const string Yaml = "---";
    private const string Toml = "+++";

    /// <summary>The record with the fields of its front matter; the same record without any. What is not valid is left out, with the reason as a field.</summary>
    public static Record Take(Record record)
    {
        var text = record.Text;
        var mark = text.StartsWith(Yaml, StringComparison.Ordinal) ? Yaml : text.StartsWith(Toml, StringComparison.Ordinal) ? Toml : null;
        if (mark is null || FindBlock(text, mark) is not { } block)
        {
            return record;
        }

        try
        {
            var content = text[block.Start..block.End];
            return (mark == Yaml ? YamlFields.Read(content) : TomlFields.Read(content)) is { } fields
                ? record with { TextStart = block.BodyStart, Fields = Stored(fields) }
                : record;
        }
        catch (FormatException exception)
        {
            var reason = CutText.At(exception.Message, MaxFaultCharacters);
            return record with { TextStart = block.BodyStart, Fields = [new(RecordConstants.FrontMatterFaultField, reason)] };
        }
    }

    /// <summary>A fault at a line of the block.</summary>
    /// <param name="line">The 1-based line within the block; null when unknown.</param>
    /// <param name="what">What is wrong.</param>
    /// <param name="inner">The cause.</param>
    public static FormatException Fault(long? line, string what, Exception? inner = null) => new(
        line is { } number ? string.Create(CultureInfo.InvariantCulture, $"line {number + 1}: {what}") : what, inner);

    private static ImmutableArray<KeyValuePair<string, string>> Stored(IEnumerable<KeyValuePair<string, string>> fields) =>
    [
        .. fields.Select(static field => (Name: MetadataName.Of(field.Key), field.Value))
            .Where(static field => field.Name is not null)
            .Take(RecordConstants.MaxFields)
            .Select(static field => KeyValuePair.Create(field.Name!, CutText.At(field.Value, RecordConstants.MaxValueCharacters))),
    ];

    private static (int Start, int End, int BodyStart)? FindBlock(string text, string mark)
    {
        var start = EndOfLine(text, 0);
        if (!text.AsSpan(0, start).TrimEnd().SequenceEqual(mark))
        {
            return null;
        }

        for (var line = start; line < Math.Min(text.Length, MaxCharacters);)
        {
            var next = EndOfLine(text, line);
            var content = text.AsSpan(line, next - line).TrimEnd();
            if (content.SequenceEqual(mark) || (mark == Yaml && content is "..."))
            {
                return (start, line, next);
            }

            line = next;
        }

        return null;
    }

    /// <summary>One past the line feed that ends a line, or the text's end.</summary>
    private static int EndOfLine(string text, int position) =>
        text.IndexOf('\n', position) is >= 0 and var end ? end + 1 : text.Length;
}
