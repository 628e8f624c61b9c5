
using Quiver.Cli.Doctor;

namespace Quiver.Silo.Doctor;

/// <summary>The data directory can be made and written; says who holds it.</summary>
/// <param name="directory">Absolute; need not exist.</param>
/// <param name="holder">Says who holds the directory, such as "the server at http://127.0.0.1:7700 (process 42)"; null when nobody does.</param>
internal sealed class DataDirectoryCheck(string directory, Func<string, CancellationToken, Task<string?>> holder) : IDoctorCheck
{
    private const string Elsewhere = "Choose another directory with --data DIR or QUIVER__DATA__DIRECTORY, or mend its owner and permissions.";

    public string Name => "data directory";

    public async Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(directory))
        {
            return DoctorResult.Fail($"{directory} is a file.", Elsewhere);
        }

        var exists = Directory.Exists(directory);
        var writable = exists ? directory : NearestFolder(directory);
        if (writable is null)
        {
            return DoctorResult.Fail($"{directory} cannot be created: what is above it is no folder.", Elsewhere);
        }

        if (Refusal(writable) is { } refusal)
        {
            return DoctorResult.Fail($"{directory} cannot be {(exists ? "written" : "created")}: {refusal}", Elsewhere);
        }

        if (!exists)
        {
            return DoctorResult.Ok($"{directory} does not exist yet and can be created.");
        }

        return await holder(directory, cancellationToken) is { } name
            ? DoctorResult.Ok($"{directory} is writable and held by {name}.")
            : DoctorResult.Ok($"{directory} is writable, nobody holds it.");
    }

    private static string? NearestFolder(string path)
    {
        var folder = Path.GetDirectoryName(path);
        while (folder is not null && !Path.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return File.Exists(folder) ? null : folder;
    }

    // Permission bits do not tell of read-only mounts and quotas: only writing does.
    private static string? Refusal(string folder)
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(folder, $".quiver-doctor-{Environment.ProcessId}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            probe.WriteByte(0);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }
}
