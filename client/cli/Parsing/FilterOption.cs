using System.CommandLine;

namespace Quiver.Cli.Parsing;

/// <summary>The option that names values which payload fields must have.</summary>
internal static class FilterOption
{
    private const int Most = 16;

    /// <summary>Makes it.</summary>
    public static Option<string[]> Create() =>
        Options.Texts("--filter", "KEY=VALUE", "Only chunks whose field has this value, as it was written in the document; repeatable, all must hold. Default: none.");

    /// <summary>The fields with their values.</summary>
    /// <param name="filters">As they were given; null for none.</param>
    /// <exception cref="InvalidRequestException">One is not <c>KEY=VALUE</c>, a field is named twice, or there are more than 16.</exception>
    public static ImmutableDictionary<string, string> Read(string[]? filters)
    {
        filters ??= [];
        if (filters.Length > Most)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"At most {Most} --filter options.");
        }

        var result = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var filter in filters)
        {
            var at = filter.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                throw new InvalidRequestException(ErrorCodes.InvalidOption, $"--filter takes KEY=VALUE, not '{filter}'.");
            }

            if (!result.TryAdd(filter[..at], filter[(at + 1)..]))
            {
                throw new InvalidRequestException(ErrorCodes.InvalidOption, $"--filter names '{filter[..at]}' twice; all filters must hold at once.");
            }
        }

        return result.ToImmutable();
    }
}
