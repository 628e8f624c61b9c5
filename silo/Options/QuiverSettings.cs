using System.Text.Json;

namespace Quiver.Silo.Options;

/// <summary>Reads the settings: <c>quiver.json</c> in the executable's directory, then in the data directory, then the environment.</summary>
internal static class QuiverSettings
{
    private const string FileName = "quiver.json";

    /// <summary>Reads the settings and refuses unknown names. A process that starts does this once.</summary>
    /// <param name="dataDirectory">The data directory, absolute; it may be missing.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: a file is not valid JSON, or there are settings of unknown
    /// names.</exception>
    public static IConfiguration Load(string dataDirectory)
    {
        var configuration = Read(dataDirectory);
        UnknownSettings.Refuse(configuration);
        return configuration;
    }

    /// <summary>Reads the settings as they are.</summary>
    /// <param name="dataDirectory">The data directory, absolute; it may be missing.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: a file is not valid JSON.</exception>
    public static IConfiguration Read(string dataDirectory)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, FileName), optional: true, reloadOnChange: false)
                .AddJsonFile(Path.Combine(dataDirectory, FileName), optional: true, reloadOnChange: false)
                .AddEnvironmentVariables()
                .Build();
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"{exception.Message} {Cause(exception.GetBaseException())}", exception);
        }
    }

    // The parser counts lines from 0 and puts them at the end of its message; editors count from 1.
    private static string Cause(Exception exception) => exception is JsonException { LineNumber: { } line, BytePositionInLine: { } position }
        ? $"Line {line + 1}, byte {position + 1}: {exception.Message.Split(" LineNumber:")[0]}"
        : exception.Message;
}
