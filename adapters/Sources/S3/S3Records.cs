using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.S3;

/// <summary>Reads the records of one object at a time. Throws <see cref="S3Exception"/> for failures that concern more than the object.</summary>
internal sealed partial class S3Records(
    S3Requests requests, S3Walk walk, FormatRegistry formats, DocumentFormat requested, RecordOptions options, ILogger logger)
{
    private const int MaxRestarts = 5;
    private const int MaxMarkBytes = 3;

    /// <summary>The records of an entry, from a cursor in it, out of its prefetched content if there is any.</summary>
    public async IAsyncEnumerable<SourceRecord> ReadAsync(
        S3Root root, S3Entry entry, Task<byte[]>? fetching, S3Cursor? resume, long ordinal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reading = new ObjectReading(root, entry, requested, options, requests, formats) { Rereads = resume?.Rereads ?? 0, Prefetched = fetching };
        var position = RecordCursor.Start;
        if (resume is { Done: false } && !resume.Position.IsStart)
        {
            if (reading.Found is { } same && same.ETag == resume.ETag)
            {
                position = resume.Position;
            }
            else if (Restart(reading))
            {
                yield return reading.Change(ordinal++);
            }
        }

        for (var restarts = 0; reading.Found is { } found; restarts++)
        {
            if (FindFault(reading, found) is { } refused)
            {
                yield return await reading.Reader.FaultAsync(refused, ordinal);
                yield break;
            }

            S3Exception? change = null;
            var begun = !position.IsStart;
            await using var records = reading.Reader.ReadAsync(position, ordinal, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                (var record, change) = await NextAsync(records);
                if (record is not { } next)
                {
                    break;
                }

                begun = true;
                ordinal = next.Next.NextOrdinal;
                yield return reading.Of(next);
            }

            if (change is null)
            {
                yield break;
            }

            if (restarts == MaxRestarts)
            {
                throw TooManyChanges(found);
            }

            reading.Found = await walk.FindAsync(found.Bucket, found.Key, cancellationToken);
            reading.Prefetched = null;
            position = RecordCursor.Start;
            if (begun && Restart(reading))
            {
                yield return reading.Change(ordinal++);
            }
        }

        // An object that disappeared since it was listed counts as deleted before; one that the source names is an error.
        if (root.Address.IsPrefix)
        {
            LogGone(logger, reading.Address);
        }
        else
        {
            yield return await reading.Reader.FaultAsync(new RecordFault(ErrorCodes.UnreadableFile, $"The object '{root.Address}' is gone."), ordinal);
        }
    }

    /// <summary>Discards what was read of a changed object. True the first time, when the job needs a record of the change.</summary>
    private bool Restart(ObjectReading reading)
    {
        if (requests.Options.OnObjectChanged == ObjectChangedAction.Fail)
        {
            throw new PermanentException(
                ErrorCodes.SourceChanged,
                $"The object '{reading.Address}' was replaced or deleted while it was read. Start a new job over the current objects, "
                + $"or set {S3Options.Section}:OnObjectChanged to Restart and retry the job.");
        }

        LogRestarted(logger, reading.Address);
        return reading.Rereads++ == 0;
    }

    private static PermanentException TooManyChanges(S3Object found) => new(
        ErrorCodes.SourceChanged,
        $"The object '{found}' was replaced {MaxRestarts + 1} times while it was read, more often than {S3Options.Section}:OnObjectChanged=Restart allows. "
        + "Retry the job when the object no longer changes.");

    /// <summary>The fault that is known before a byte is read.</summary>
    private RecordFault? FindFault(ObjectReading reading, S3Object found)
    {
        if (found.Size == 0)
        {
            return new(ErrorCodes.EmptyDocument, "The object is empty.");
        }

        if (found.Size > requests.Options.MaxObjectBytes)
        {
            return TooLarge(found.Size, requests.Options.MaxObjectBytes);
        }

        return !reading.Name.IsGzip && reading.Reader.Format.IsOneDocument && found.Size > options.MaxDocumentBytes + MaxMarkBytes
            ? TooLarge(found.Size, options.MaxDocumentBytes)
            : null;
    }

    private static RecordFault TooLarge(long bytes, long limit) => new(
        ErrorCodes.DocumentTooLarge, string.Create(CultureInfo.InvariantCulture, $"The object has {bytes} bytes; at most {limit} are allowed: raise --max-document-bytes (in JSON source.maxDocumentBytes), or split it."));

    private static async Task<(SourceRecord? Record, S3Exception? Change)> NextAsync(IAsyncEnumerator<SourceRecord> records)
    {
        try
        {
            return (await records.MoveNextAsync() ? records.Current : null, null);
        }
        catch (S3Exception exception) when (exception.Fault.Kind is S3FaultKind.Gone or S3FaultKind.Changed)
        {
            return (null, exception);
        }
    }

    [LoggerMessage(5101, LogLevel.Warning, "The object {Object} changed while it was read; it is read again from its beginning")]
    private static partial void LogRestarted(ILogger logger, string @object);

    [LoggerMessage(5102, LogLevel.Information, "The object {Object} was deleted while its prefix was read; it is skipped")]
    private static partial void LogGone(ILogger logger, string @object);
}

/// <summary>An object that is read, in its current version.</summary>
internal sealed class ObjectReading
{
    private readonly S3Cursor _done;
    private readonly S3Root _root;
    private readonly S3Requests _requests;
    private readonly long _maxContent;

    public ObjectReading(S3Root root, S3Entry entry, DocumentFormat requested, RecordOptions options, S3Requests requests, FormatRegistry formats)
    {
        _root = root;
        _requests = requests;
        _done = new S3Cursor { Root = entry.Root, Key = entry.Key, Done = true };
        Found = entry.Found;
        Name = ObjectName.Of(entry.Key);
        Reader = new FileReader(formats, requested, Name.Content, options)
        {
            FileId = root.FileId(entry.Key),
            Origin = root.Origin,
            OpenAt = OpenAtAsync,
            CursorAt = at => ValueTask.FromResult((at is { } position ? Within.At(position) : _done).ToString()),
            Explain = Explain,
        };

        // One document needs no more content than makes it too large.
        var limit = requests.Options.MaxObjectBytes;
        _maxContent = Reader.Format.IsOneDocument ? Math.Min(limit, (2L * options.MaxDocumentBytes) + RecordConstants.HeadBytes) : limit;
    }

    public ObjectName Name { get; }

    public string Address => new S3Address(_root.Address.Bucket, _done.Key).ToString();

    public FileReader Reader { get; }

    /// <summary>The version that is read; null once the object is gone.</summary>
    public S3Object? Found { get; set; }

    /// <summary>All bytes of the version that was found first; null when they are streamed.</summary>
    public Task<byte[]>? Prefetched { get; set; }

    /// <summary>How often reading restarted.</summary>
    public int Rereads { get; set; }

    private S3Cursor Within => _done with { Done = false, ETag = Found?.ETag, Rereads = Rereads };

    /// <summary>The record that reports the object's first change; the next record is the first of the current version.</summary>
    public SourceRecord Change(long ordinal) => new(Reader.Change(ordinal), new SourceCursor(ordinal + 1, Within.ToString()));

    /// <summary>A record of the object's current version.</summary>
    public SourceRecord Of(SourceRecord record) => Rereads > 0 ? record with { Item = record.Item with { Rereads = Rereads } } : record;

    private async ValueTask<Stream> OpenAtAsync(long offset, CancellationToken cancellationToken)
    {
        var start = Name.IsGzip ? 0 : offset;
        Stream stream = Prefetched is { } content ? new FetchedStream(content, (int)start) : new S3ObjectStream(_requests, Found!, start, _requests.JobRetry());
        if (!Name.IsGzip)
        {
            return stream;
        }

        var unpacked = new UnpackedStream(stream, _maxContent);
        try
        {
            await unpacked.SkipToAsync(offset, cancellationToken);
            return unpacked;
        }
        catch
        {
            await unpacked.DisposeAsync();
            throw;
        }
    }

    private static RecordFault? Explain(Exception exception) => exception switch
    {
        // A server may refuse one object that it listed, for example for its key, and still serve the others.
        S3Exception { Fault: { Kind: S3FaultKind.Refused, Code: not ErrorCodes.BucketNotFound } } refused => new(refused.Fault.Code, refused.Fault.Message),
        S3Exception { Fault.Kind: S3FaultKind.Denied } denied => new(denied.Fault.Code, denied.Fault.Message),
        ContentTooLargeException => new(ErrorCodes.DocumentTooLarge, exception.Message),
        InvalidDataException => new(
            ErrorCodes.UnreadableFile,
            $"It cannot be unpacked as gzip: {exception.Message.TrimEnd('.')}. Upload it again, or without the ending .gz if it is not compressed."),
        _ => null,
    };
}

/// <summary>What a key tells about an object.</summary>
/// <param name="Content">The name that identifies the format of the content: the key without the ending of a packing.</param>
/// <param name="IsGzip">Whether the content is packed with gzip.</param>
internal readonly record struct ObjectName(string Content, bool IsGzip)
{
    private const string Gzip = ".gz";

    public static ObjectName Of(string key) =>
        key.EndsWith(Gzip, StringComparison.OrdinalIgnoreCase) ? new(key[..^Gzip.Length], true) : new(key, false);
}
