using Microsoft.Extensions.Options;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Files;

/// <summary>Says everything that is wrong with the options, and what to change.</summary>
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
