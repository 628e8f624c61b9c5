using Quiver.Core.Formats;

namespace Quiver.Core.Sources;

/// <summary>Validates source specs without looking at what they name.</summary>
public static class SourceSpecValidator
{
    private const int MaxEntries = 1_000;
    private const int MaxCharacters = 4_096;

    /// <summary>Validates a source of files or objects.</summary>
    /// <param name="spec">The spec.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>; the message names every error.</exception>
    public static void Validate(SourceSpec spec) => Refuse([.. PathErrors(spec), .. CommonErrors(spec), .. FieldErrors(spec), .. GlobErrors(spec)]);

    /// <summary>The spec with absent lists as empty ones and each path resolved, without repetitions.</summary>
    /// <param name="spec">A valid spec.</param>
    /// <param name="resolve">Resolves a path.</param>
    public static SourceSpec Normalize(SourceSpec spec, Func<string, string> resolve) => spec with
    {
        Paths = [.. spec.Paths.Select(resolve).Distinct(StringComparer.Ordinal)],
        Include = spec.Include.IsDefault ? [] : spec.Include,
        Exclude = spec.Exclude.IsDefault ? [] : spec.Exclude,
    };

    /// <summary>The errors in what sources of all kinds have: the size limit and the name.</summary>
    /// <param name="spec">The spec.</param>
    public static IEnumerable<string> CommonErrors(SourceSpec spec)
    {
        if (spec.MaxDocumentBytes is < 1 or > RecordConstants.LargestMaxDocumentBytes)
        {
            yield return $"The largest document (--max-document-bytes, in JSON source.maxDocumentBytes) is {spec.MaxDocumentBytes} bytes; allowed are 1 to {RecordConstants.LargestMaxDocumentBytes}.";
        }

        if (IsUnfit(spec.Name, RecordConstants.MaxIdCharacters))
        {
            yield return $"The name of the source is empty or has more than {RecordConstants.MaxIdCharacters} characters: shorten it, or leave it out.";
        }
    }

    /// <summary>Throws when there are errors.</summary>
    /// <param name="errors">One sentence each.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>; the message has every error.</exception>
    public static void Refuse(IReadOnlyCollection<string> errors)
    {
        if (errors.Count > 0)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, string.Join(' ', errors));
        }
    }

    private static IEnumerable<string> PathErrors(SourceSpec spec)
    {
        if (spec.Paths.IsDefaultOrEmpty || spec.Paths.Length > MaxEntries)
        {
            yield return $"Give 1 to {MaxEntries} paths.";
        }
        else if (spec.Paths.Any(path => string.IsNullOrWhiteSpace(path) || path.Length > MaxCharacters))
        {
            yield return $"A path is empty or has more than {MaxCharacters} characters: correct it, or name the folder above it.";
        }

        if (spec.Table is not null)
        {
            yield return "A table belongs to a postgres:// address; give one in place of paths.";
        }
    }

    private static IEnumerable<string> FieldErrors(SourceSpec spec)
    {
        if (!Enum.IsDefined(spec.Format))
        {
            yield return $"The format {(int)spec.Format} is unknown: use auto, jsonl, json, text, markdown or code.";
        }

        foreach (var (name, value) in new[] { ("id field", spec.IdField), ("text field", spec.TextField) })
        {
            if (IsUnfit(value, RecordConstants.MaxNameCharacters))
            {
                yield return $"The {name} is empty or has more than {RecordConstants.MaxNameCharacters} characters: name a field of the records, or leave it out.";
            }
        }

        if (spec.IdField is not null && spec.IdField == (spec.TextField ?? "text"))
        {
            yield return "The id field and the text field are the same: name another id field, or leave it out.";
        }
    }

    private static IEnumerable<string> GlobErrors(SourceSpec spec)
    {
        foreach (var globs in new[] { spec.Include, spec.Exclude })
        {
            if (globs.IsDefaultOrEmpty)
            {
                continue;
            }

            if (globs.Length > MaxEntries)
            {
                yield return $"Give at most {MaxEntries} globs, not {globs.Length}.";
            }

            if (globs.FirstOrDefault(glob => string.IsNullOrWhiteSpace(glob) || glob.Length > MaxCharacters || !GlobFilter.IsValid(glob)) is { } bad)
            {
                yield return $"The glob '{bad}' is not valid: write one such as **/*.md, with balanced brackets, of at most {MaxCharacters} characters.";
            }
        }
    }

    private static bool IsUnfit(string? value, int limit) => value is not null && (string.IsNullOrWhiteSpace(value) || value.Length > limit);
}
