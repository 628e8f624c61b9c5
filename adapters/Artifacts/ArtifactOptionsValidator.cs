using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.S3;

namespace Quiver.Adapters.Artifacts;

/// <summary>Says everything that is wrong with the options, and what to change.</summary>
internal sealed class ArtifactOptionsValidator : IValidateOptions<ArtifactOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

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

        if (options.LinkLifetime < Shortest || options.LinkLifetime > Longest)
        {
            errors.Add($"{ArtifactOptions.Section}:LinkLifetime is {options.LinkLifetime}; set it from {Shortest} to {Longest}.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
