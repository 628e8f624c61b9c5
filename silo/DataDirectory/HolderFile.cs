using System.Text.Json;

namespace Quiver.Silo.DataDirectory;

/// <summary>Reads and writes <c>server.json</c>, always whole: a reader sees the old text or the new one.</summary>
internal static class HolderFile
{
    private const string Name = "server.json";

    public static async Task WriteAsync(string directory, DataDirectoryHolder holder, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(directory, $"{Name}.{holder.Pid}.tmp");
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            await JsonSerializer.SerializeAsync(file, holder, DataDirectoryJsonContext.Default.DataDirectoryHolder, cancellationToken);
        }

        File.Move(temporary, Path.Combine(directory, Name), overwrite: true);
    }

    /// <summary>What the file says; null when there is none, or nothing that can be read.</summary>
    public static async Task<DataDirectoryHolder?> ReadAsync(string directory, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(Path.Combine(directory, Name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return await JsonSerializer.DeserializeAsync(file, DataDirectoryJsonContext.Default.DataDirectoryHolder, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // It only helps to find a server and to word a message; the lock alone decides who holds the directory.
            return null;
        }
    }

    public static void Delete(string directory) => File.Delete(Path.Combine(directory, Name));
}
