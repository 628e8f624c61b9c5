
using Quiver.Core.Formats;

namespace Quiver.Core.Sources;

/// <summary>What a source of files must keep to, whatever the disk says.</summary>
public static class SourceSpecRules
{
    private const int MaxEntries = 1_000;
    private const int MaxCharacters = 4_096;

    /// <summary>Checks a spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>; the message names everything that is wrong.</exception>
    public static void Check(SourceSpec spec)
    {
        List<string> errors = [.. Errors(spec)];
        if (errors.Count > 0)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, string.Join(' ', errors));
        }
    }

    private static IEnumerable<string> Errors(SourceSpec spec)
    {
        if (spec.Paths.IsDefaultOrEmpty || spec.Paths.Length > MaxEntries)
        {
            yield return $"Give 1 to {MaxEntries} paths.";
        }
        else if (spec.Paths.Any(path => string.IsNullOrWhiteSpace(path) || path.Length > MaxCharacters))
        {
            yield return $"A path is empty or has more than {MaxCharacters} characters.";
        }

        if (spec.Table is not null)
        {
            yield return "A table belongs to a postgres:// address; give one in place of paths.";
        }

        if (!Enum.IsDefined(spec.Format))
        {
            yield return $"The format {spec.Format} is unknown.";
        }

        if (spec.MaxDocumentBytes is < 1 or > RecordConstants.LargestMaxDocumentBytes)
        {
            yield return $"The largest document is {spec.MaxDocumentBytes} bytes; allowed are 1 to {RecordConstants.LargestMaxDocumentBytes}.";
        }

        foreach (var (name, value, limit) in new[]
        {
            ("id field", spec.IdField, RecordConstants.MaxNameCharacters),
            ("text field", spec.TextField, RecordConstants.MaxNameCharacters),
            ("name", spec.Name, RecordConstants.MaxIdCharacters),
        })
        {
            if (value is not null && (string.IsNullOrWhiteSpace(value) || value.Length > limit))
            {
                yield return $"The {name} is empty or has more than {limit} characters.";
            }
        }

        if (spec.IdField is not null && spec.IdField == (spec.TextField ?? "text"))
        {
            yield return "The id field and the text field are the same.";
        }

        foreach (var globs in new[] { spec.Include, spec.Exclude })
        {
            if (globs.IsDefaultOrEmpty)
            {
                continue;
            }

            if (globs.Length > MaxEntries)
            {
                yield return $"Give at most {MaxEntries} globs.";
            }

            if (globs.FirstOrDefault(glob => string.IsNullOrWhiteSpace(glob) || glob.Length > MaxCharacters || !GlobFilter.IsValid(glob)) is { } bad)
            {
                yield return $"The glob '{bad}' names nothing.";
            }
        }
    }
}
