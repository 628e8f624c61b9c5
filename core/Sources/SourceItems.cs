using System.Globalization;
using Quiver.Core.Formats;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Sources;

/// <summary>Makes the items of a source: gives records their ids and the metadata of their place.</summary>
public static class SourceItems
{
    /// <summary>
    /// The item of a record. Without an id of its own a record is <c>file#index</c>, and so is its fault, so that a record is the same
    /// document before and after it was mended; a record that is the whole file has the file's id.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="fileId">The file's id.</param>
    /// <param name="origin">The source's place.</param>
    /// <param name="format">The file's format.</param>
    /// <param name="ordinal">The record's place in the source.</param>
    public static Document Create(FormatRecord record, string fileId, string origin, DocumentFormat format, long ordinal)
    {
        var id = record.ExplicitId
            ?? (record.IsWholeFile ? fileId : string.Create(CultureInfo.InvariantCulture, $"{fileId}#{record.Index}"));
        if (id.Length > RecordConstants.MaxIdCharacters)
        {
            var tooLong = new RecordFault(ErrorCodes.UnreadableFile, TooLong(id.Length), record.Fault?.HidesOthers == true);
            return Fault(fileId, origin, ordinal, tooLong, record.Bytes);
        }

        return new Document
        {
            Ordinal = ordinal,
            Id = id,
            Origin = origin,
            Text = record.Text,
            Format = format is DocumentFormat.Markdown or DocumentFormat.Code ? format : DocumentFormat.Text,
            Metadata = Metadata(record, fileId),
            HasExplicitId = record.ExplicitId is not null,
            FaultCode = record.Fault?.Code,
            FaultReason = record.Fault is { } fault ? $"{fileId}: {fault.Reason}" : null,
            SourceBytes = record.Bytes,
            HidesOthers = record.Fault?.HidesOthers == true,
        };
    }

    /// <summary>A fault in the place of a whole file or folder.</summary>
    /// <param name="fileId">The file's id; its beginning is kept when it is too long.</param>
    /// <param name="origin">The source's place.</param>
    /// <param name="ordinal">Its place in the source.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="bytes">The bytes that it takes in the source.</param>
    public static Document Fault(string fileId, string origin, long ordinal, RecordFault fault, long bytes = 0)
    {
        var id = CutText.At(fileId, RecordConstants.MaxIdCharacters);
        return new Document
        {
            Ordinal = ordinal,
            Id = id,
            Origin = origin,
            Metadata = ImmutableDictionary<string, string>.Empty.Add(RecordConstants.PathField, id),
            FaultCode = fault.Code,
            FaultReason = $"{id}: {fault.Reason}",
            SourceBytes = bytes,
            HidesOthers = fault.HidesOthers,
        };
    }

    /// <summary>The news that a file changed while it was read.</summary>
    /// <param name="fileId">The file's id; its beginning is kept when it is too long.</param>
    /// <param name="origin">The source's place.</param>
    /// <param name="ordinal">Its place in the source.</param>
    public static Document Change(string fileId, string origin, long ordinal) =>
        new() { Ordinal = ordinal, Id = CutText.At(fileId, RecordConstants.MaxIdCharacters), Origin = origin, SourceChanged = true };

    private static ImmutableDictionary<string, string> Metadata(FormatRecord record, string fileId)
    {
        var metadata = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in record.Fields)
        {
            metadata[name] = value;
        }

        metadata[RecordConstants.PathField] = fileId;
        if (record.IsLine)
        {
            metadata[RecordConstants.LineField] = record.Line.ToString(CultureInfo.InvariantCulture);
        }

        return metadata.ToImmutable();
    }

    private static string TooLong(int length) =>
        string.Create(CultureInfo.InvariantCulture, $"The id would have {length} characters; at most {RecordConstants.MaxIdCharacters} are allowed. Shorten the path.");
}
