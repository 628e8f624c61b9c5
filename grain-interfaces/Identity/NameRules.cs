using System.Buffers;

namespace Quiver.GrainInterfaces.Identity;

/// <summary>The one rule for names that become part of grain keys, file names and payload values.</summary>
public static class NameRules
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>True when <paramref name="value"/> has 1 to 64 characters of <c>A–Z a–z 0–9 . _ -</c> and starts with a letter or digit.</summary>
    /// <param name="value">The candidate.</param>
    public static bool IsValid(string? value) =>
        value is { Length: > 0 and <= MaxLength } && char.IsAsciiLetterOrDigit(value[0]) && !value.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>Returns <paramref name="value"/> when valid.</summary>
    /// <param name="value">The candidate.</param>
    /// <param name="what">What the name is for, as the message shall say it: "tenant", "collection", "job".</param>
    /// <exception cref="InvalidRequestException">The name breaks the rule; its code is <c>invalid_&lt;what&gt;</c>.</exception>
    public static string Require(string? value, string what) =>
        IsValid(value)
            ? value!
            : throw new InvalidRequestException(
                $"invalid_{what}",
                $"'{value}' is not a valid {what} name: use 1 to {MaxLength} letters, digits, '.', '_' or '-', starting with a letter or digit.");
}
