using System.Buffers;
using System.Globalization;
using Quiver.Adapters.Storage.Files;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Formats;

/// <summary>Copies forward-only streams to temporary files, which are deleted when they are closed, also when the process dies. Thread-safe.</summary>
/// <param name="maxBytes">The maximum size of one file in bytes. Default: 1 GiB.</param>
/// <param name="folder">The folder of the files; null for the system's temporary folder.</param>
internal sealed class TemporaryFileSpool(long maxBytes = TemporaryFileSpool.DefaultMaxBytes, string? folder = null) : IStreamSpool
{
    /// <summary>1 GiB.</summary>
    public const long DefaultMaxBytes = 1024L * 1024 * 1024;

    private const int BufferBytes = 128 * 1024;
    private readonly string _folder = folder ?? Path.GetTempPath();

    public async Task<Stream> SpoolAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        var file = Create();
        try
        {
            await CopyAsync(stream, file, cancellationToken);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private FileStream Create()
    {
        var path = Path.Join(_folder, $"quiver-spool-{Path.GetRandomFileName()}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.Asynchronous | (OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None),
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        FileStream? file = null;
        try
        {
            file = new FileStream(path, options);
            if (!OperatingSystem.IsWindows())
            {
                // An open file without a name outlives neither its handle nor the process.
                File.Delete(path);
            }

            return file;
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            file?.Dispose();
            throw Unavailable(exception);
        }
    }

    private async Task CopyAsync(Stream stream, FileStream file, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (file.Position + read > maxBytes)
                {
                    throw new SpoolLimitException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"Its format needs random access, which takes a temporary copy, and it has more than the {maxBytes} bytes allowed for one."));
                }

                await WriteAsync(file, buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await file.WriteAsync(bytes, cancellationToken);
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw Unavailable(exception);
        }
    }

    private QuiverException Unavailable(Exception exception) =>
        FileFaults.Classify(exception, $"The temporary folder '{_folder}'", "Correct its permissions, or set TMPDIR to another folder.");
}
