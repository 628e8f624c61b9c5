namespace Quiver.Core.Artifacts;

/// <summary>
/// The name of an artifact: names separated by slashes, the first one the tenant's, such as <c>acme/jobs/j1/report.json</c>. Each consists of
/// letters, digits, dots, dashes and underscores and does not begin with a dot, so that it is the same on a disk, in a bucket and in an address.
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

    /// <summary>What its ending says that it holds.</summary>
    public string ContentType => Path.GetExtension(Value) switch
    {
        ".json" => "application/json",
        ".jsonl" => "application/jsonl",
        ".html" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    };

    /// <summary>An artifact of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="file">Its name among the job's artifacts.</param>
    public static ArtifactName OfJob(JobKey job, string file) => Parse(FolderOf(job) + file);

    /// <summary>What the names of all artifacts of a job begin with.</summary>
    public static string FolderOf(JobKey job) => $"{job.Tenant}/jobs/{job.Job}/";

    /// <summary>Reads a name.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>.</exception>
    public static ArtifactName Parse(string text) => TryParse(text, out var name)
        ? name
        : throw new InvalidRequestException(ErrorCodes.InvalidOption, $"'{text}' is no name of an artifact: use letters, digits, '.', '-', '_' between slashes.");

    /// <summary>Reads a name; false when it breaks the rule.</summary>
    /// <param name="text">The name.</param>
    /// <param name="name">What was read.</param>
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
