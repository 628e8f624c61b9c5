namespace Quiver.Core.Formats;

/// <summary>Gives the reader of a format.</summary>
public static class RecordReaders
{
    /// <summary>Creates a reader.</summary>
    /// <param name="format">Any format but <see cref="DocumentFormat.Auto"/>.</param>
    /// <param name="options">How records are read.</param>
    /// <exception cref="ArgumentOutOfRangeException">The format is not one.</exception>
    public static IRecordReader Create(DocumentFormat format, RecordOptions options) => format switch
    {
        DocumentFormat.JsonLines => new JsonLinesReader(options),
        DocumentFormat.Json => new JsonArrayReader(options),
        DocumentFormat.Text or DocumentFormat.Markdown or DocumentFormat.Code => new WholeFileReader(options),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Resolve the format of the file first."),
    };
}
