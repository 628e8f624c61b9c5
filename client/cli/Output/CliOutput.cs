using System.Text.Json.Serialization.Metadata;
using Quiver.Cli.Json;

namespace Quiver.Cli.Output;

/// <summary>Results on standard output, everything said on the way on standard error.</summary>
internal sealed class CliOutput(CliEnvironment environment, bool json)
{
    /// <summary>Whether standard output is for a program.</summary>
    public bool IsJson { get; } = json;

    /// <summary>A line of a result for people.</summary>
    public void Line(string text = "") => environment.Out.WriteLine(text);

    /// <summary>A value on a line of its own: the one document of a command, or an element of a stream.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type)
    {
        JsonText.Write(environment.Out, value, type);
        environment.Out.WriteLine();
    }

    /// <summary>A line on standard error.</summary>
    public void Note(string text)
    {
        Flush();
        environment.Error.WriteLine(text);
        environment.Error.Flush();
    }

    /// <summary>An error: a sentence for people, with <c>--json</c> also an object for the program.</summary>
    public void Failure(string code, string message)
    {
        if (IsJson)
        {
            Json(new ErrorDocument(new ErrorBody(code, message)), CliJsonContext.Default.ErrorDocument);
        }

        Note($"error: {OneLine(message)} ({code})");
    }

    /// <summary>Hands everything written to whoever reads it.</summary>
    public void Flush() => environment.Out.Flush();

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
