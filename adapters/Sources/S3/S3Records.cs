using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.S3;

/// <summary>Reads the records of one object after another. Throws <see cref="S3Exception"/> for what concerns more than the object.</summary>
internal sealed class S3Records(S3Requests requests, S3Walk walk, DocumentFormat asked, RecordOptions options, ILogger logger)
{
    private const int MaxRestarts = 5;
    private const int LongestMark = 3;

    /// <summary>The records of an entry, from where a cursor says on, out of what was fetched of it where that was.</summary>
    public async IAsyncEnumerable<SourceRecord> ReadAsync(
        S3Root root, S3Entry entry, Task<byte[]>? fetching, S3Cursor? resume, long ordinal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reading = new ObjectReading(root, entry, asked, options, requests.Options) { Rereads = resume?.Rereads ?? 0 };
        var position = RecordPosition.Start;
        if (resume is { Done: false } && !resume.Position.IsStart)
        {
            if (reading.Found is { } same && same.ETag == resume.ETag)
            {
                position = resume.Position;
            }
            else if (BeginsAnew(reading))
            {
                yield return reading.Change(ordinal++);
            }
        }

        for (var restarts = 0; reading.Found is { } found; restarts++)
        {
            if (Judge(reading, found) is { } refused)
            {
                yield return await reading.Items.FaultAsync(refused, ordinal);
                yield break;
            }

            S3Exception? change = null;
            var begun = !position.IsStart;
            await using var stream = Open(reading, found, position, restarts == 0 ? fetching : null);
            await using var records = ReadAsync(reading, stream, position, ordinal, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                (var record, change) = await NextAsync(records);
                if (record is not { } next)
                {
                    break;
                }

                begun = true;
                ordinal = next.Next.NextOrdinal;
                yield return next;
            }

            if (change is null)
            {
                yield break;
            }

            if (restarts == MaxRestarts)
            {
                throw Restless(found);
            }

            reading.Found = await walk.FindAsync(found.Bucket, found.Key, cancellationToken);
            position = RecordPosition.Start;
            if (begun && BeginsAnew(reading))
            {
                yield return reading.Change(ordinal++);
            }
        }

        // Gone since it was listed is as if it had never been there; one that was named is missed.
        if (root.Address.IsPrefix)
        {
            S3Log.Gone(logger, reading.What);
        }
        else
        {
            yield return await reading.Items.FaultAsync(new RecordFault(ErrorCodes.UnreadableFile, $"The object '{root.Address}' is gone."), ordinal);
        }
    }

    /// <summary>What was read of an object that has changed is void; true when the job has not been told of this object yet.</summary>
    private bool BeginsAnew(ObjectReading reading)
    {
        if (requests.Options.OnObjectChanged == ObjectChangedAction.Fail)
        {
            throw new PermanentException(
                ErrorCodes.SourceChanged,
                $"The object '{reading.What}' was replaced or deleted while it was read. Start a new job over what is there now, or set {S3Options.Section}:OnObjectChanged to Restart and retry the job.");
        }

        S3Log.Restarted(logger, reading.What);
        return reading.Rereads++ == 0;
    }

    private static PermanentException Restless(S3Object found) => new(
        ErrorCodes.SourceChanged,
        $"The object '{found}' was replaced {MaxRestarts + 1} times while it was read, more often than {S3Options.Section}:OnObjectChanged=Restart begins anew. Retry the job when the object is at rest.");

    /// <summary>What can be said before a byte is read.</summary>
    private RecordFault? Judge(ObjectReading reading, S3Object found)
    {
        if (found.Size == 0)
        {
            return new(ErrorCodes.EmptyDocument, "The object is empty.");
        }

        if (found.Size > requests.Options.MaxObjectBytes)
        {
            return TooLarge(found.Size, requests.Options.MaxObjectBytes);
        }

        return !reading.Name.IsGzip && FileFormats.IsOneDocument(reading.Items.Format) && found.Size > options.MaxDocumentBytes + LongestMark
            ? TooLarge(found.Size, options.MaxDocumentBytes)
            : null;
    }

    private static RecordFault TooLarge(long bytes, long most) => new(
        ErrorCodes.DocumentTooLarge, string.Create(CultureInfo.InvariantCulture, $"The object has {bytes} bytes; at most {most} are allowed."));

    private Stream Open(ObjectReading reading, S3Object found, RecordPosition position, Task<byte[]>? fetching)
    {
        var offset = reading.Name.IsGzip ? 0 : position.Offset;
        Stream stream = fetching is not null ? new FetchedStream(fetching, (int)offset) : new S3ObjectStream(requests, found, offset, requests.WaitsOfJob());
        return reading.Name.IsGzip ? new UnpackedStream(stream, reading.MostContent) : stream;
    }

    private static async IAsyncEnumerable<SourceRecord> ReadAsync(
        ObjectReading reading, Stream stream, RecordPosition position, long ordinal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (stream is UnpackedStream unpacked && await ObjectReading.TrySkipAsync(unpacked, position.Offset, cancellationToken) is { } fault)
        {
            yield return await reading.Items.FaultAsync(fault, ordinal);
            yield break;
        }

        await foreach (var record in reading.Items.ReadAsync(stream, position, ordinal, cancellationToken))
        {
            yield return reading.Of(record);
        }
    }

    private static async Task<(SourceRecord? Record, S3Exception? Change)> NextAsync(IAsyncEnumerator<SourceRecord> records)
    {
        try
        {
            return (await records.MoveNextAsync() ? records.Current : null, null);
        }
        catch (S3Exception e) when (e.Fault.Kind is S3FaultKind.Gone or S3FaultKind.Changed)
        {
            return (null, e);
        }
    }
}
