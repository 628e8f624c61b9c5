using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Quiver.Adapters.Storage.Files;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Files;

/// <summary>An open file, or the reason why it cannot be opened; neither when it is gone.</summary>
internal sealed class OpenedFile : IAsyncDisposable
{
    private OpenedFile()
    {
    }

    public FileStream? Stream { get; private init; }

    public RecordFault? Fault { get; private init; }

    public long Length { get; private init; }

    /// <summary>The time of the last modification in ticks.</summary>
    public long Modified { get; private init; }

    public static OpenedFile Faulty(RecordFault fault) => new() { Fault = fault };

    public static OpenedFile Open(FileRoot root, string relativePath)
    {
        try
        {
            var path = RealPath.Resolve(root.Locate(relativePath));
            if (!RealPath.IsWithin(path, root.RealPath))
            {
                return Faulty(ErrorCodes.PathNotAllowed, "The file is outside the folder that the source names: name its folder too, or leave the link out.");
            }

            // Pipes and devices have no length either; opening one could wait forever.
            if (new FileInfo(path) is { Exists: true, Length: 0 })
            {
                return SpecialFile.Is(path)
                    ? Faulty(ErrorCodes.UnreadableFile, "It is no regular file but a pipe, a device or a socket: name a file or a folder.")
                    : Faulty(ErrorCodes.EmptyDocument, "The file is empty.");
            }

            return Open(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // A file that disappeared since its folder was listed counts as deleted before; one that the source names is an error.
            return root.IsFolder ? new OpenedFile() : Faulty(ErrorCodes.UnreadableFile, $"The file is gone: {exception.Message}");
        }
        catch (Exception exception) when (FileFaults.IsTooManyFiles(exception))
        {
            // It says nothing about the file, which can be read when others are closed.
            throw FileFaults.TooManyFiles(root.Locate(relativePath), exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Faulty(ErrorCodes.UnreadableFile, $"The file cannot be read: {exception.Message}");
        }
    }

    /// <summary>
    /// Whether a cursor in the file is still valid: the file is unchanged, or lines were appended after the cursor.
    /// Otherwise it is read again from its beginning, which repeats documents but loses none.
    /// </summary>
    public async Task<bool> CanResumeAsync(FileCursor cursor, bool canGrow, CancellationToken cancellationToken)
    {
        if (cursor.Length == Length && cursor.Modified == Modified)
        {
            return true;
        }

        return canGrow && cursor.Before is { } before && Length > cursor.Length && before == await ReadTailAsync(cursor.Offset, cancellationToken);
    }

    /// <summary>The <see cref="FileTail"/> before an offset; null when it cannot be read.</summary>
    public async Task<string?> ReadTailAsync(long offset, CancellationToken cancellationToken) =>
        Stream is { } stream ? await FileTail.ReadAsync(stream.SafeFileHandle, offset, cancellationToken) : null;

    public ValueTask DisposeAsync() => Stream?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static OpenedFile Faulty(string code, string reason) => Faulty(new RecordFault(code, reason));

    private static OpenedFile Open(string path)
    {
        // Without a buffer: the readers' window is one.
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

/// <summary>A short hash of the bytes before an offset in a file: equal if the file only grew.</summary>
internal static class FileTail
{
    private const int MaxBytes = 4_096;
    private const int HashBytes = 8;

    /// <summary>The hash of at most 4 KiB before <paramref name="offset"/>, 16 digits; null when they do not exist or cannot be read.</summary>
    public static async Task<string?> ReadAsync(SafeFileHandle file, long offset, CancellationToken cancellationToken)
    {
        var length = (int)Math.Clamp(offset, 0, MaxBytes);
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        try
        {
            var filled = 0;
            while (filled < length)
            {
                var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(filled, length - filled), offset - length + filled, cancellationToken);
                if (read == 0)
                {
                    return null;
                }

                filled += read;
            }

            return Convert.ToHexStringLower(SHA256.HashData(buffer.AsSpan(0, length))[..HashBytes]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without the hash the file is read from its beginning, which reports why it cannot be read.
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
