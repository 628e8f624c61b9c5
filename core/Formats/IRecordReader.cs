namespace Quiver.Core.Formats;

/// <summary>Reads the records of one file format. Holds no state of a file, so that one instance serves any number of them.</summary>
public interface IRecordReader
{
    /// <summary>
    /// Reads the records from a position on, one at a time. Holds about one record of at most the limit in memory, however large the
    /// file or a record is. What is no document comes as a record with a fault.
    /// </summary>
    /// <param name="stream">The file, standing at <see cref="RecordPosition.Offset"/>. Stays open and belongs to the caller.</param>
    /// <param name="from">Where to go on.</param>
    /// <param name="cancellationToken">Stops between reads.</param>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    IAsyncEnumerable<FormatRecord> ReadAsync(Stream stream, RecordPosition from, CancellationToken cancellationToken = default);
}
