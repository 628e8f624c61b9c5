using System.Globalization;
using System.Text;

namespace Quiver.Core.Lexical;

/// <summary>Receives the terms of a text.</summary>
internal interface ITermSink
{
    /// <summary>Takes a term.</summary>
    /// <param name="term">Its characters, valid during the call: letters, digits, and <c>_</c> and <c>.</c> between them.</param>
    /// <param name="start">Its first character in the text.</param>
    /// <param name="end">One past its last character.</param>
    void Add(ReadOnlySpan<char> term, int start, int end);
}

/// <summary>
/// Reads the terms by which a text is indexed and searched: words, folded to lower case without Latin accents and stemmed as English, and the
/// identifiers of code, in parts and whole. <c>json.JSONDecodeError</c> has the terms <c>json</c>, <c>json</c>, <c>decod</c>, <c>error</c>,
/// <c>jsondecodeerror</c>, <c>json.jsondecodeerror</c>. Of scripts without spaces each pair of characters is a term.
/// </summary>
/// <typeparam name="TSink">The receiver.</typeparam>
internal readonly ref struct TermReader<TSink>
    where TSink : ITermSink
{
    /// <summary>The most characters of a term: longer words are cut, and longer identifiers have only their parts.</summary>
    public const int MaxTermLength = 64;

    private readonly ReadOnlySpan<char> _text;
    private readonly Span<char> _buffer;
    private readonly TSink _sink;

    private TermReader(ReadOnlySpan<char> text, Span<char> buffer, TSink sink)
    {
        _text = text;
        _buffer = buffer;
        _sink = sink;
    }

    /// <summary>Reads a text to its end.</summary>
    /// <returns>The sink.</returns>
    public static TSink Read(ReadOnlySpan<char> text, TSink sink)
    {
        // The last rune of a term may have two characters.
        var reader = new TermReader<TSink>(text, stackalloc char[MaxTermLength + 1], sink);
        for (var at = 0; at < text.Length;)
        {
            at = reader.ReadNext(at);
        }

        return reader._sink;
    }

    /// <summary>Reads what begins at a position; returns where the next thing begins.</summary>
    private int ReadNext(int at)
    {
        var kind = TermCharacters.KindAt(_text, at, out var length);
        return kind switch
        {
            TermCharacters.Kind.Ideograph => ReadIdeographs(at, length),
            TermCharacters.Kind.Word => ReadIdentifier(at),
            _ => at + length,
        };
    }

    /// <summary>Reads a run of characters of a script without spaces.</summary>
    private int ReadIdeographs(int start, int length)
    {
        var (before, at) = (start, start + length);
        var pairs = 0;
        while (at < _text.Length && TermCharacters.KindAt(_text, at, out length) == TermCharacters.Kind.Ideograph)
        {
            _sink.Add(_text[before..(at + length)], before, at + length);
            (before, at) = (at, at + length);
            pairs++;
        }

        if (pairs == 0)
        {
            _sink.Add(_text[start..at], start, at);
        }

        return at;
    }

    /// <summary>Reads words that dots and underscores join: an identifier, or just a word.</summary>
    private int ReadIdentifier(int start)
    {
        var (names, at) = (0, start);
        while (true)
        {
            at = ReadName(at);
            names++;
            if (at >= _text.Length || _text[at] != '.' || !IsWordAt(at + 1))
            {
                break;
            }

            at++;
        }

        if (names > 1)
        {
            AddWhole(start, at);
        }

        return at;
    }

    /// <summary>Reads words that underscores join.</summary>
    private int ReadName(int start)
    {
        var (words, at) = (0, start);
        while (true)
        {
            at = ReadWord(at);
            words++;
            var next = at;
            while (next < _text.Length && _text[next] == '_')
            {
                next++;
            }

            if (next == at || !IsWordAt(next))
            {
                break;
            }

            at = next;
        }

        if (words > 1)
        {
            AddWhole(start, at);
        }

        return at;
    }

    /// <summary>Reads letters and digits, and the parts that upper case begins.</summary>
    private int ReadWord(int start)
    {
        var (part, at) = (start, start);
        var (parts, before, previous) = (0, false, false);
        while (at < _text.Length && TermCharacters.KindAt(_text, at, out var length) == TermCharacters.Kind.Word)
        {
            var upper = char.IsUpper(_text[at]);

            // A part begins with the first upper-case letter, or with the last one in front of a lower-case letter: JSON|Decode|Error.
            var begins = upper ? at > part && !previous : previous && before && at - 1 > part && char.IsLower(_text[at]) && !IsPluralAt(at);
            if (begins)
            {
                var cut = upper ? at : at - 1;
                AddWord(part, cut);
                (part, parts) = (cut, parts + 1);
            }

            (before, previous) = (previous, upper);
            at += length;
        }

        if (parts > 0)
        {
            AddWord(part, at);
        }

        AddWord(start, at);
        return at;
    }

    /// <summary>The s of URLs, behind which no other lower-case letter follows.</summary>
    private bool IsPluralAt(int at) => _text[at] == 's' && (at + 1 == _text.Length || !char.IsLower(_text[at + 1]));

    private bool IsWordAt(int at) => at < _text.Length && TermCharacters.KindAt(_text, at, out _) == TermCharacters.Kind.Word;

    private void AddWord(int start, int end)
    {
        var length = Fold(start, end, out var isEnglish, out _);
        if (length > 0)
        {
            _sink.Add(_buffer[..(isEnglish ? PorterStemmer.Stem(_buffer[..length]) : length)], start, end);
        }
    }

    private void AddWhole(int start, int end)
    {
        var length = Fold(start, end, out _, out var isCut);
        if (!isCut)
        {
            _sink.Add(_buffer[..length], start, end);
        }
    }

    /// <summary>Writes characters of the text in lower case and without Latin accents into the buffer.</summary>
    private int Fold(int start, int end, out bool isEnglish, out bool isCut)
    {
        var length = 0;
        isEnglish = true;
        for (var at = start; at < end;)
        {
            if (length >= MaxTermLength)
            {
                isCut = true;
                return length;
            }

            if (char.IsAscii(_text[at]))
            {
                var lower = char.ToLowerInvariant(_text[at++]);
                isEnglish &= char.IsAsciiLetterLower(lower);
                _buffer[length++] = lower;
                continue;
            }

            Rune.DecodeFromUtf16(_text[at..], out var rune, out var consumed);
            at += consumed;
            length += TermCharacters.Fold(rune, _buffer[length..]);
        }

        isCut = false;
        isEnglish &= !_buffer[..length].ContainsAnyExceptInRange('a', 'z');
        return length;
    }
}

/// <summary>Which characters make terms.</summary>
internal static class TermCharacters
{
    private const int LastAccented = 0x1FFF;

    /// <summary>What a character is for.</summary>
    public enum Kind
    {
        /// <summary>It separates terms.</summary>
        None = 0,

        /// <summary>A letter, a digit, or a mark on one.</summary>
        Word = 1,

        /// <summary>A character of a script without spaces.</summary>
        Ideograph = 2,
    }

    /// <summary>The kind and the length of the character at a position.</summary>
    public static Kind KindAt(ReadOnlySpan<char> text, int at, out int length)
    {
        if (char.IsAscii(text[at]))
        {
            length = 1;
            return char.IsAsciiLetterOrDigit(text[at]) ? Kind.Word : Kind.None;
        }

        // A lone surrogate is decoded as U+FFFD, which separates terms, as it does when the text comes back from a store.
        Rune.DecodeFromUtf16(text[at..], out var rune, out length);
        return IsIdeograph(rune) ? Kind.Ideograph : IsWord(rune) ? Kind.Word : Kind.None;
    }

    /// <summary>Writes a character that is not ASCII in lower case and without accents; returns how many characters that is, 0 to 2.</summary>
    public static int Fold(Rune rune, Span<char> target)
    {
        if (IsAccent(rune))
        {
            return 0;
        }

        if (rune.Value <= LastAccented)
        {
            // Decomposed, the letter comes first and its accents follow.
            Rune.DecodeFromUtf16(rune.ToString().Normalize(NormalizationForm.FormD), out rune, out _);
        }

        return Rune.ToLowerInvariant(rune).EncodeToUtf16(target);
    }

    private static bool IsAccent(Rune rune) => rune.Value is >= 0x0300 and <= 0x036F;

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber;

    /// <summary>Chinese characters and Kana.</summary>
    private static bool IsIdeograph(Rune rune) => rune.Value is
        (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x2FA1F) or (>= 0x30000 and <= 0x323AF);
}
