namespace Quiver.Core.Artifacts;

/// <summary>
/// The name of an artifact: parts separated by slashes, the first one the tenant's name, such as <c>acme/jobs/j1/report.json</c>. Each part consists of
/// letters, digits, dots, dashes and underscores and does not start with a dot. So it is the same on a disk, in a bucket and in a URL.
/// </summary>
public readonly record struct ArtifactName
{
    private const int MaxCharacters = 512;
    private const string Others = "._-";

    private ArtifactName(string value) => Value = value;

    /// <summary>The name.</summary>
    public string Value { get; }

    /// <summary>The last part.</summary>
    public string File => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>The content type, by its extension.</summary>
    public string ContentType => Path.GetExtension(Value) switch
    {
        ".json" => "application/json",
        ".jsonl" => "application/jsonl",
        ".html" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    };

    /// <summary>Names an artifact of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="file">Its name among the job's artifacts.</param>
    public static ArtifactName OfJob(JobKey job, string file) => Parse(FolderOf(job) + file);

    /// <summary>Returns the common prefix of a job's artifact names.</summary>
    public static string FolderOf(JobKey job) => $"{job.Tenant}/jobs/{job.Job}/";

    /// <summary>Parses a name.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>.</exception>
    public static ArtifactName Parse(string text) => TryParse(text, out var name)
        ? name
        : throw new InvalidRequestException(ErrorCodes.InvalidOption, $"'{text}' is not an artifact name: use letters, digits, '.', '-', '_' between slashes.");

    /// <summary>Parses a name; false when it is invalid.</summary>
    /// <param name="text">The name.</param>
    /// <param name="name">The parsed name.</param>
    public static bool TryParse(string text, out ArtifactName name)
    {
        var valid = text is { Length: > 0 and <= MaxCharacters } && text.Split('/').All(IsPart);
        name = valid ? new(text) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsPart(string part) =>
        part.Length > 0 && part[0] != '.' && part.All(static c => char.IsAsciiLetterOrDigit(c) || Others.Contains(c, StringComparison.Ordinal));
}
