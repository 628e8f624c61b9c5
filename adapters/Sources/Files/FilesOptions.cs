using Microsoft.Extensions.Options;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Files;

/// <summary>Which files of this machine may be read. Section <c>Quiver:Files</c>.</summary>
public sealed class FilesOptions
{
    /// <summary>The absolute paths of the readable folders, with everything below them; when empty, all files are allowed. Default: empty.</summary>
    public IList<string> AllowedRoots { get; } = [];

    /// <summary>The maximum size of a document in bytes for sources that set none, 1 to 67,108,864. Default: 4,194,304 (4 MiB).</summary>
    public int MaxDocumentBytes { get; set; } = 4 * 1024 * 1024;
}

/// <summary>Reports every error in the options, and what to change.</summary>
internal sealed class FilesOptionsValidator : IValidateOptions<FilesOptions>
{
    public ValidateOptionsResult Validate(string? name, FilesOptions options)
    {
        List<string> errors = [];
        if (options.MaxDocumentBytes is < 1 or > RecordConstants.LargestMaxDocumentBytes)
        {
            errors.Add($"Quiver:Files:MaxDocumentBytes is {options.MaxDocumentBytes}; set it from 1 to {RecordConstants.LargestMaxDocumentBytes}.");
        }

        foreach (var root in options.AllowedRoots)
        {
            if (!Path.IsPathFullyQualified(root))
            {
                errors.Add($"Quiver:Files:AllowedRoots holds '{root}'; give the absolute path of a folder.");
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
