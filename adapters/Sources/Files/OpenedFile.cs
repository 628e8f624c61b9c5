
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Files;

/// <summary>A file that is being read, or the reason why it cannot be; neither when it is gone.</summary>
internal sealed class OpenedFile : IAsyncDisposable
{
    private OpenedFile()
    {
    }

    public FileStream? Stream { get; private init; }

    public RecordFault? Fault { get; private init; }

    public long Length { get; private init; }

    /// <summary>Time of modification in ticks.</summary>
    public long Modified { get; private init; }

    public static OpenedFile Faulty(RecordFault fault) => new() { Fault = fault };

    public static OpenedFile Open(FileRoot root, string relativePath)
    {
        try
        {
            var path = RealPath.Resolve(root.Locate(relativePath));
            if (!RealPath.IsWithin(path, root.RealPath))
            {
                return Faulty(ErrorCodes.PathNotAllowed, "The file lies outside of the folder that was named.");
            }
            // Pipes and devices have no length either; opening one could wait forever.
            if (new FileInfo(path) is { Exists: true, Length: 0 })
            {
                return Faulty(ErrorCodes.EmptyDocument, "The file is empty.");
            }

            return Open(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // A file that went since its folder was listed is as if it had never been there; one that was named is missed.
            return root.IsFolder ? new OpenedFile() : Faulty(ErrorCodes.UnreadableFile, $"The file is gone: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Faulty(ErrorCodes.UnreadableFile, $"The file cannot be read: {e.Message}");
        }
    }

    /// <summary>
    /// Whether a place in the file still means what it did: the file is the same, or lines were added behind those that stood before the place.
    /// Otherwise it is read again from its beginning, which repeats documents but loses none.
    /// </summary>
    public async Task<bool> CanResumeAsync(FileCursor cursor, DocumentFormat format, CancellationToken cancellationToken)
    {
        if (cursor.Length == Length && cursor.Modified == Modified)
        {
            return true;
        }

        return cursor.Before is { } before && Length > cursor.Length && before == await ReadTailAsync(cursor.Offset, format, cancellationToken);
    }

    /// <summary>The <see cref="FileTail"/> before an offset, for a format whose files grow at their end; otherwise null.</summary>
    public async Task<string?> ReadTailAsync(long offset, DocumentFormat format, CancellationToken cancellationToken) =>
        format == DocumentFormat.JsonLines && Stream is { } stream ? await FileTail.ReadAsync(stream.SafeFileHandle, offset, cancellationToken) : null;

    public ValueTask DisposeAsync() => Stream?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static OpenedFile Faulty(string code, string reason) => Faulty(new RecordFault(code, reason));

    private static OpenedFile Open(string path)
    {
        // No buffer of its own: the readers' window is one.
        var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            BufferSize = 0,
        });
        return new OpenedFile { Stream = stream, Length = stream.Length, Modified = File.GetLastWriteTimeUtc(stream.SafeFileHandle).Ticks };
    }
}
