using System.Text.Json;

namespace Quiver.Silo.Options;

/// <summary>Where settings come from: <c>quiver.json</c> beside the executable, then in the data directory, then the environment.</summary>
internal static class QuiverSettings
{
    private const string FileName = "quiver.json";

    /// <summary>Reads the settings.</summary>
    /// <param name="dataDirectory">The data directory, absolute.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: a file is not valid JSON.</exception>
    public static IConfiguration Load(string dataDirectory)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, FileName), optional: true, reloadOnChange: false)
                .AddJsonFile(Path.Combine(dataDirectory, FileName), optional: true, reloadOnChange: false)
                .AddEnvironmentVariables()
                .Build();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"{e.Message} {Cause(e.GetBaseException())}", e);
        }
    }

    // The parser counts lines from 0, and says so at the end of its message; people and editors count from 1.
    private static string Cause(Exception error) => error is JsonException { LineNumber: { } line, BytePositionInLine: { } position }
        ? $"Line {line + 1}, byte {position + 1}: {error.Message.Split(" LineNumber:")[0]}"
        : error.Message;
}
