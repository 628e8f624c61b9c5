namespace Quiver.Core.Formats;

/// <summary>A format of files: how it is recognised and how its records are read. Registered with <see cref="FormatRegistry"/>.</summary>
public sealed record RecordFormat
{
    /// <summary>The name by which a job asks for the format; any but <see cref="DocumentFormat.Auto"/>.</summary>
    public required DocumentFormat Format { get; init; }

    /// <summary>Creates a reader.</summary>
    public required Func<RecordOptions, IRecordReader> CreateReader { get; init; }

    /// <summary>File endings in lower case, without the dot. Default: none.</summary>
    public ImmutableArray<string> Endings { get; init; } = [];

    /// <summary>Whole file names, compared case-sensitively; they take precedence over endings. Default: none.</summary>
    public ImmutableArray<string> FileNames { get; init; } = [];

    /// <summary>The first bytes that identify a file whose name does not, each at most <see cref="RecordConstants.HeadBytes"/> long. Default: none.</summary>
    public ImmutableArray<ImmutableArray<byte>> Signatures { get; init; } = [];

    /// <summary>Whether a file of this format is one record, whatever it holds. Default: false.</summary>
    public bool IsOneDocument { get; init; }

    /// <summary>Whether files grow by appending records: a cursor stays valid when bytes are appended. Default: false.</summary>
    public bool CanGrow { get; init; }

    /// <summary>
    /// Whether the reader needs a stream that can seek and begins at the file's first byte. A forward-only stream is then spooled to a temporary file.
    /// Default: false: the reader takes a forward-only stream that begins at the cursor's offset.
    /// </summary>
    public bool NeedsSeeking { get; init; }

    /// <summary>How its documents are cut into chunks: as text, Markdown or code. Default: <see cref="DocumentFormat.Text"/>.</summary>
    public DocumentFormat ChunkAs { get; init; } = DocumentFormat.Text;
}

/// <summary>Reads the records of one file format. Holds no state of a file: one instance serves any number of them.</summary>
public interface IRecordReader
{
    /// <summary>
    /// Reads the records from a cursor, one at a time. Holds about one record of at most the size limit in memory, however large the
    /// file or a record is. A record that is no document is returned with a fault.
    /// </summary>
    /// <param name="stream">
    /// The file, positioned at <see cref="RecordCursor.Offset"/>; for a format with <see cref="RecordFormat.NeedsSeeking"/>, a seekable stream at its
    /// beginning. Stays open and belongs to the caller.
    /// </param>
    /// <param name="from">Where to resume.</param>
    /// <param name="cancellationToken">Stops between reads.</param>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    IAsyncEnumerable<Record> ReadAsync(Stream stream, RecordCursor from, CancellationToken cancellationToken = default);
}

/// <summary>How records are read.</summary>
public sealed record RecordOptions
{
    /// <summary>The field with the text; a dot leads into an object. Default: <c>text</c>.</summary>
    public string TextField { get; init; } = "text";

    /// <summary>The field with the id; a dot leads into an object. Null derives ids from the file and the record's index. Default: null.</summary>
    public string? IdField { get; init; }

    /// <summary>The maximum size of a document in bytes, 1 to <see cref="RecordConstants.LargestMaxDocumentBytes"/>. Default: 4 MiB.</summary>
    public int MaxDocumentBytes { get; init; } = 4 * 1024 * 1024;
}

/// <summary>Makes forward-only streams seekable.</summary>
public interface IStreamSpool
{
    /// <summary>Copies a stream to storage that can seek; disposing the result frees it.</summary>
    /// <param name="stream">A forward-only stream; stays open and belongs to the caller.</param>
    /// <param name="cancellationToken">Stops between reads.</param>
    /// <returns>The content, positioned at its beginning.</returns>
    /// <exception cref="SpoolLimitException">The stream holds more than the spool's limit.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>: the spool cannot be written.</exception>
    Task<Stream> SpoolAsync(Stream stream, CancellationToken cancellationToken = default);
}

/// <summary>A stream has more bytes than the spool's limit.</summary>
/// <param name="message">One sentence.</param>
public sealed class SpoolLimitException(string message) : Exception(message);
