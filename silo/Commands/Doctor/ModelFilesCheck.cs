using Quiver.Client.Cli.Doctor;

namespace Quiver.Silo.Commands.Doctor;

/// <summary>The embedding model's files are there; where not, whether they can be fetched here.</summary>
/// <param name="directory">The model's folder, absolute.</param>
/// <param name="files">The names it must hold.</param>
/// <param name="searchPath">The <c>PATH</c> of this process.</param>
internal sealed class ModelFilesCheck(string directory, ImmutableArray<string> files, string? searchPath) : IDoctorCheck
{
    private static readonly string[] Tools = ["node", "npm"];

    public string Name => "model";

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        var missing = files.Where(file => !IsFilled(file)).ToArray();
        if (missing.Length == 0)
            return Task.FromResult(DoctorResult.Ok($"All {files.Length} files are in {directory}."));
        var absent = Tools.Where(tool => !ExecutableSearch.Finds(tool, searchPath)).ToArray();
        return Task.FromResult(DoctorResult.Fail(
            $"{string.Join(", ", missing)} missing or empty in {directory}.",
            absent.Length == 0
                ? "Build the project again: the build fetches the model with npm."
                : $"Install {string.Join(" and ", absent)} (Node.js), then build the project again: the build fetches the model with npm."));
    }

    private bool IsFilled(string file) => new FileInfo(Path.Combine(directory, file)) is { Exists: true, Length: > 0 };
}
