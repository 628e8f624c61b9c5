using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.S3;

namespace Quiver.Adapters.Artifacts;

/// <summary>Where artifacts are stored and how long links to them are valid. Section <c>Quiver:Artifacts</c>.</summary>
public sealed class ArtifactOptions
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Quiver:Artifacts";

    /// <summary>The kind of storage: a folder, or a bucket on the server of <c>Quiver:S3</c>. Default: <see cref="ArtifactPlace.Directory"/>.</summary>
    public ArtifactPlace Store { get; set; } = ArtifactPlace.Directory;

    /// <summary>The absolute path of the folder; empty for <c>artifacts</c> in the data directory. Default: empty.</summary>
    public string Directory { get; set; } = "";

    /// <summary>The bucket; required with <see cref="ArtifactPlace.S3"/>. Default: empty.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>The prefix of keys in the bucket; empty, or ending with a slash. Default: empty.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The lifetime of a link, 1 minute to 7 days. Default: 1 hour.</summary>
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>Where artifacts are stored.</summary>
public enum ArtifactPlace
{
    /// <summary>In a folder on this machine.</summary>
    Directory = 1,

    /// <summary>In a bucket.</summary>
    S3 = 2,
}

/// <summary>Reports every error in the options, and what to change.</summary>
internal sealed class ArtifactOptionsValidator : IValidateOptions<ArtifactOptions>
{
    private static readonly TimeSpan MinLifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(7);

    public ValidateOptionsResult Validate(string? name, ArtifactOptions options)
    {
        List<string> errors = [];
        if (!Enum.IsDefined(options.Store))
        {
            errors.Add($"{ArtifactOptions.Section}:Store is {options.Store}; set it to Directory or S3.");
        }

        if (options.Directory.Length > 0 && !Path.IsPathFullyQualified(options.Directory))
        {
            errors.Add($"{ArtifactOptions.Section}:Directory is '{options.Directory}'; give the absolute path of a folder.");
        }

        if (options.Store == ArtifactPlace.S3 && !S3Address.TryParse($"{S3Address.Scheme}{options.Bucket}/{options.Prefix}", out _, out _))
        {
            errors.Add($"{ArtifactOptions.Section}:Bucket is '{options.Bucket}'; with Store S3 give the name of a bucket.");
        }

        if (options.Prefix.Length > 0 && !options.Prefix.EndsWith('/'))
        {
            errors.Add($"{ArtifactOptions.Section}:Prefix is '{options.Prefix}'; end it with a slash.");
        }

        if (options.LinkLifetime < MinLifetime || options.LinkLifetime > MaxLifetime)
        {
            errors.Add($"{ArtifactOptions.Section}:LinkLifetime is {options.LinkLifetime}; set it from {MinLifetime} to {MaxLifetime}.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
