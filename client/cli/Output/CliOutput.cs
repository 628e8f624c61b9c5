using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quiver.Client.Http;

namespace Quiver.Cli.Output;

/// <summary>Writes results to standard output, and notes and errors to standard error.</summary>
internal sealed class CliOutput(TextWriter standardOutput, TextWriter standardError, bool json, bool emphasizes = false)
{
    private const string Bold = "\u001b[1m";
    private const string Plain = "\u001b[0m";

    // The output is never embedded in HTML, so that letters of all scripts stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether standard output is JSON.</summary>
    public bool IsJson { get; } = json;

    /// <summary>Writes the one result of a command, as JSON or as text.</summary>
    public void Result<T>(T value, JsonTypeInfo<T> type, Action<T> print)
    {
        if (IsJson)
        {
            Json(value, type);
        }
        else
        {
            print(value);
        }
    }

    /// <summary>Writes a line of text, with control characters escaped.</summary>
    public void Line(string text = "") => standardOutput.WriteLine(TerminalText.Escape(text));

    /// <summary>Writes a line of text of which parts are emphasized on a terminal, with control characters escaped.</summary>
    /// <param name="indent">What comes before the text.</param>
    /// <param name="text">The text.</param>
    /// <param name="marks">Its parts to emphasize, ascending.</param>
    public void Line(string indent, string text, ImmutableArray<TextRange> marks)
    {
        standardOutput.Write(indent);
        var at = 0;
        foreach (var mark in emphasizes ? marks : [])
        {
            standardOutput.Write(TerminalText.Escape(text[at..mark.Start]));
            standardOutput.Write(Bold);
            standardOutput.Write(TerminalText.Escape(text[mark.Start..mark.End]));
            standardOutput.Write(Plain);
            at = mark.End;
        }

        Line(text[at..]);
    }

    /// <summary>Writes a JSON value on one line.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        standardOutput.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>Writes a line to standard error, with control characters escaped and without passwords.</summary>
    public void Note(string text)
    {
        Flush();
        standardError.WriteLine(TerminalText.Escape(ServerCredentials.HideInSentence(text)));
        standardError.Flush();
    }

    /// <summary>Writes the cause of an error to standard error, with its lines.</summary>
    public void Cause(Exception cause)
    {
        foreach (var line in cause.ToString().ReplaceLineEndings("\n").Split('\n'))
        {
            Note(line);
        }
    }

    /// <summary>Writes an error: one sentence to standard error, with <c>--json</c> also an object to standard output.</summary>
    public void Failure(string code, string message)
    {
        if (IsJson)
        {
            Json(new ErrorDocument(new ErrorBody(code, ServerCredentials.HideInSentence(message))), CliJsonContext.Default.ErrorDocument);
        }

        Note($"error: {message.ReplaceLineEndings(" ").Trim()} ({code})");
    }

    public void Flush() => standardOutput.Flush();
}
