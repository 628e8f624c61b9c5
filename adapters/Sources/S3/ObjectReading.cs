
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.S3;

/// <summary>An object that is being read, whichever version of it.</summary>
internal sealed class ObjectReading
{
    private readonly S3Cursor _done;
    private readonly S3Root _root;

    public ObjectReading(S3Root root, S3Entry entry, DocumentFormat asked, RecordOptions options, S3Options s3)
    {
        _root = root;
        _done = new S3Cursor { Root = entry.Root, Key = entry.Key, Done = true };
        Found = entry.Found;
        Name = ObjectName.Of(entry.Key);
        Items = new FileItems
        {
            FileId = root.FileId(entry.Key),
            Origin = root.Origin,
            Format = FileFormats.Resolve(asked, Name.Content),
            Options = options,
            CursorAt = place => ValueTask.FromResult((place is { } at ? Within.At(at) : _done).ToString()),
            Explain = Explain,
        };

        // One document needs no more than what makes it too large.
        MostContent = FileFormats.IsOneDocument(Items.Format) ? Math.Min(s3.MaxObjectBytes, (2L * options.MaxDocumentBytes) + RecordConstants.HeadBytes) : s3.MaxObjectBytes;
    }

    public ObjectName Name { get; }

    /// <summary>The object's address.</summary>
    public string What => new S3Address(_root.Address.Bucket, _done.Key).ToString();

    public FileItems Items { get; }

    /// <summary>The version that is read; null once there is none.</summary>
    public S3Object? Found { get; set; }

    /// <summary>How often the object was begun anew.</summary>
    public int Rereads { get; set; }

    /// <summary>The most bytes of content that are unpacked.</summary>
    public long MostContent { get; }

    private S3Cursor Within => _done with { Done = false, ETag = Found?.ETag, Rereads = Rereads };

    /// <summary>What a job is told when the object has changed for the first time: the next record is the first of what is there now.</summary>
    public SourceRecord Change(long ordinal) => new(
        SourceItems.Change(Items.FileId, Items.Origin, ordinal),
        new SourceCursor(ordinal + 1, Within.ToString()));

    /// <summary>A record of the object as it is read now.</summary>
    public SourceRecord Of(SourceRecord record) => Rereads > 0 ? record with { Item = record.Item with { Rereads = Rereads } } : record;

    /// <summary>Passes over what was read before; the fault when that cannot be.</summary>
    public static async Task<RecordFault?> TrySkipAsync(UnpackedStream stream, long offset, CancellationToken cancellationToken)
    {
        try
        {
            await stream.SkipToAsync(offset, cancellationToken);
            return null;
        }
        catch (Exception e) when (Explain(e) is { } fault)
        {
            return fault;
        }
    }

    private static RecordFault? Explain(Exception e) => e switch
    {
        // What a server refuses of one object that it listed, such as one under a key that is not there, it does not refuse of the others.
        S3Exception { Fault: { Kind: S3FaultKind.Refused, Code: not ErrorCodes.BucketNotFound } } refused => new(refused.Fault.Code, refused.Fault.Message),
        S3Exception { Fault.Kind: S3FaultKind.Denied } denied => new(denied.Fault.Code, denied.Fault.Message),
        ContentTooLargeException => new(ErrorCodes.DocumentTooLarge, e.Message),
        InvalidDataException => new(ErrorCodes.UnreadableFile, $"It cannot be unpacked as gzip: {e.Message}"),
        _ => null,
    };
}
