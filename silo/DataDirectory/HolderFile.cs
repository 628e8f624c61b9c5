using System.Text.Json;
using System.Text.Json.Serialization;
using Quiver.Adapters.Storage.Files;

namespace Quiver.Silo.DataDirectory;

/// <summary>The process that holds a data directory, as <c>server.json</c> describes it.</summary>
/// <param name="Address">The server's address for programs on this machine; null for a process without a server.</param>
/// <param name="Pid">The process id; 0 when the process did not describe itself.</param>
/// <param name="StartedAt">When it took the directory, UTC.</param>
/// <param name="Purpose">What it does, such as <c>quiver ingest</c>.</param>
/// <param name="RunsJobs">True when it runs the directory's jobs.</param>
public sealed record DataDirectoryHolder(Uri? Address, int Pid, DateTimeOffset StartedAt, string Purpose, bool? RunsJobs = null)
{
    /// <summary>A process that holds the lock but did not describe itself.</summary>
    internal static DataDirectoryHolder Unknown { get; } = new(null, 0, default, "another process");

    /// <summary>The holder for messages, such as "quiver serve (process 42, since 2026-01-31 12:00:00Z, at http://127.0.0.1:7700/)".</summary>
    internal string Describe() => Pid == 0 ? Purpose : $"{Purpose} (process {Pid}, since {StartedAt:u}{(Address is { } address ? $", at {address}" : "")})";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DataDirectoryHolder))]
internal sealed partial class DataDirectoryJsonContext : JsonSerializerContext;

/// <summary>Reads and writes <c>server.json</c>. A reader sees the old text or the new one, never a part.</summary>
internal static class HolderFile
{
    /// <exception cref="QuiverException">See <see cref="FileFaults.Classify"/>; the old text is still there.</exception>
    public static async Task WriteAsync(DataDirectoryFiles files, DataDirectoryHolder holder, CancellationToken cancellationToken)
    {
        var temporary = $"{files.Holder}.{holder.Pid}.tmp";
        try
        {
            try
            {
                await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
                {
                    await JsonSerializer.SerializeAsync(file, holder, DataDirectoryJsonContext.Default.DataDirectoryHolder, cancellationToken);
                }

                File.Move(temporary, files.Holder, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Classify(exception, files.Holder);
        }
    }

    /// <summary>Deletes the file. One that stays, as on a disk that was made read-only, does no harm: only the lock decides.</summary>
    public static void Delete(DataDirectoryFiles files)
    {
        try
        {
            File.Delete(files.Holder);
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            // See above.
        }
    }

    /// <summary>The content; null when the file is missing or unreadable. Only the lock decides who holds the directory.</summary>
    public static async Task<DataDirectoryHolder?> ReadAsync(DataDirectoryFiles files, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(files.Holder, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return await JsonSerializer.DeserializeAsync(file, DataDirectoryJsonContext.Default.DataDirectoryHolder, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
