using System.Buffers;
using System.Collections.Frozen;
using Quiver.Core.Formats;

namespace Quiver.Core.Chunking;

/// <summary>
/// Recognises lines that declare a type, a function or a key, whatever the language. Errs towards finding one: a line counts only as long as
/// deeper lines follow it.
/// </summary>
internal static class Declarations
{
    private const int MaxWords = 8;
    private const int MaxCharacters = 160;
    private const int MaxScanned = 400;

    private static readonly FrozenSet<string> Kinds =
        ("class struct interface enum record namespace module trait impl def defp defmodule defn func function fn fun sub proc procedure object type "
        + "protocol extension contract message service union mod CREATE").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Statements =
        ("if else elif for foreach while until unless do switch case default catch except try finally with using lock fixed match when loop select go defer "
        + "return throw raise throws await yield new delete assert print echo var let const import from include package in and or not").Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> KindLookup = Kinds.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StatementLookup = Statements.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private static readonly SearchValues<char> SignatureCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_ \t<>,[]?*&:.~");

    /// <summary>Whether a line is a comment, an attribute or a decorator, which belongs to what is below it.</summary>
    public static bool IsLead(ReadOnlySpan<char> content) => content[0] switch
    {
        '/' => content.StartsWith("//") || content.StartsWith("/*"),
        '*' => content.Length == 1 || content[1] is ' ' or '/' or '*',
        '#' => content.Length == 1 || content[1] is ' ' or '#' or '!' or '[',
        '-' => content.StartsWith("-- ") || content is "--",
        ';' => content.StartsWith(";;"),
        '<' => content.StartsWith("<!--"),
        '@' => content.Length > 1 && char.IsLetter(content[1]) && content[^1] != '{',
        '[' => content[^1] == ']',
        _ => false,
    };

    /// <summary>The declaration of a line, without parameters and what opens its block; null for none.</summary>
    /// <param name="content">The line without the white space around it.</param>
    public static string? Find(ReadOnlySpan<char> content)
    {
        var scanned = content[..Math.Min(content.Length, MaxScanned)];
        return content[^1] != ';' && (HasKind(scanned) || IsKey(content) || IsFunction(content, scanned))
            ? CutText.At(WithoutParameters(scanned).TrimEnd("{:( \t").ToString(), MaxCharacters)
            : null;
    }

    /// <summary>The part before the parameters; all of it where that is one word only, as for Go's methods.</summary>
    private static ReadOnlySpan<char> WithoutParameters(ReadOnlySpan<char> content) =>
        content.IndexOf('(') is > 0 and var at && (content[..at].TrimEnd().ContainsAny(" \t:") || !KindLookup.Contains(content[..at].TrimEnd())) ? content[..at] : content;

    /// <summary>Whether one of the first words says what is declared, with a name behind it.</summary>
    private static bool HasKind(ReadOnlySpan<char> content)
    {
        var rest = content;
        for (var i = 0; i < MaxWords; i++)
        {
            var length = rest.IndexOfAnyExcept(WordCharacters);
            if (length <= 0 || rest[length] is not (' ' or '\t' or '('))
            {
                return false;
            }

            var word = rest[..length];
            var isCall = rest[length] == '(';
            rest = rest[length..].TrimStart();
            if (KindLookup.Contains(word))
            {
                return !isCall && !rest.IsEmpty && (char.IsLetter(rest[0]) || rest[0] is '_' or '(' or '<' or '*');
            }

            if (isCall || rest.IsEmpty || (i == 0 && StatementLookup.Contains(word)))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Whether the line is a key of a settings file, such as <c>services:</c>.</summary>
    private static bool IsKey(ReadOnlySpan<char> content) =>
        content[^1] == ':' && content.Length > 1
        && !content[..^1].ContainsAny(" \t(") && content[..^1].ContainsAny(WordCharacters) && !StatementLookup.Contains(content[..^1]);

    /// <summary>Whether the line begins a function of a language that has no word for it: modifiers or a type, a name, parameters.</summary>
    private static bool IsFunction(ReadOnlySpan<char> content, ReadOnlySpan<char> scanned)
    {
        var parameters = scanned.IndexOf('(');
        if (parameters < 1 || (!char.IsLetter(scanned[0]) && scanned[0] is not ('_' or '~')))
        {
            return false;
        }

        var signature = scanned[..parameters].TrimEnd();
        if (signature.ContainsAnyExcept(SignatureCharacters))
        {
            return false;
        }

        var first = signature.IndexOfAnyExcept(WordCharacters) is >= 0 and var end ? signature[..end] : signature;
        return !StatementLookup.Contains(first) && (signature.ContainsAny(" \t") || signature.Contains("::", StringComparison.Ordinal) || content[^1] == '{');
    }
}
