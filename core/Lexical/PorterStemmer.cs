namespace Quiver.Core.Lexical;

/// <summary>
/// Porter's algorithm for English (An algorithm for suffix stripping, 1980, with its author's later change of -bli): reduces the forms of a word to
/// one stem, in place. The stem is never longer than the word.
/// </summary>
internal ref struct PorterStemmer
{
    private const int MinLength = 3;

    private readonly Span<char> _word;
    private int _length;

    /// <summary>The length of what is in front of the suffix that was found last.</summary>
    private int _stem;

    private PorterStemmer(Span<char> word)
    {
        _word = word;
        _length = word.Length;
    }

    /// <summary>Stems a word.</summary>
    /// <param name="word">Letters from a to z only; overwritten.</param>
    /// <returns>The length of the stem.</returns>
    public static int Stem(Span<char> word)
    {
        if (word.Length < MinLength)
        {
            return word.Length;
        }

        var stemmer = new PorterStemmer(word);
        stemmer.RemovePluralsAndParticiples();
        stemmer.ReplaceFinalY();
        stemmer.Replace(DoubleSuffixes);
        stemmer.Replace(AdjectiveSuffixes);
        stemmer.RemoveLastSuffix();
        stemmer.RemoveFinalEAndDoubleL();
        return stemmer._length;
    }

    // The longest suffix that matches decides, whether its condition holds or not: longer ones come first.
    private static readonly (string Suffix, string By)[] DoubleSuffixes =
    [
        ("ational", "ate"), ("ization", "ize"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("tional", "tion"), ("biliti", "ble"),
        ("entli", "ent"), ("ousli", "ous"), ("ation", "ate"), ("alism", "al"), ("aliti", "al"), ("iviti", "ive"), ("enci", "ence"), ("anci", "ance"),
        ("izer", "ize"), ("alli", "al"), ("ator", "ate"), ("bli", "ble"), ("eli", "e"),
    ];

    private static readonly (string Suffix, string By)[] AdjectiveSuffixes =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ness", ""), ("ful", "")];

    private static readonly string[] LastSuffixes =
        ["ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ion", "ism", "ate", "iti", "ous", "ive", "ize", "al", "er", "ic", "ou"];

    /// <summary>Steps 1a and 1b.</summary>
    private void RemovePluralsAndParticiples()
    {
        if (Ends("sses") || Ends("ies"))
        {
            _length -= 2;
        }
        else if (Ends("s") && !Ends("ss"))
        {
            _length--;
        }

        if (Ends("eed"))
        {
            if (Measure() > 0)
            {
                _length--;
            }
        }
        else if ((Ends("ed") || Ends("ing")) && HasVowel())
        {
            _length = _stem;
            if (Ends("at") || Ends("bl") || Ends("iz"))
            {
                _word[_length++] = 'e';
            }
            else if (EndsWithDoubleConsonant())
            {
                _length -= _word[_length - 1] is 'l' or 's' or 'z' ? 0 : 1;
            }
            else
            {
                _stem = _length;
                if (Measure() == 1 && EndsWithShortSyllable(_length))
                {
                    _word[_length++] = 'e';
                }
            }
        }
    }

    /// <summary>Step 1c.</summary>
    private void ReplaceFinalY()
    {
        if (Ends("y") && HasVowel())
        {
            _word[_length - 1] = 'i';
        }
    }

    /// <summary>Steps 2 and 3.</summary>
    private void Replace((string Suffix, string By)[] suffixes)
    {
        foreach (var (suffix, by) in suffixes)
        {
            if (Ends(suffix))
            {
                if (Measure() > 0)
                {
                    by.CopyTo(_word[_stem..]);
                    _length = _stem + by.Length;
                }

                return;
            }
        }
    }

    /// <summary>Step 4.</summary>
    private void RemoveLastSuffix()
    {
        foreach (var suffix in LastSuffixes)
        {
            if (Ends(suffix))
            {
                if (Measure() > 1 && (suffix != "ion" || _word[_stem - 1] is 's' or 't'))
                {
                    _length = _stem;
                }

                return;
            }
        }
    }

    /// <summary>Step 5.</summary>
    private void RemoveFinalEAndDoubleL()
    {
        if (Ends("e") && (Measure() > 1 || (Measure() == 1 && !EndsWithShortSyllable(_stem))))
        {
            _length--;
        }

        _stem = _length;
        if (_word[_length - 1] == 'l' && EndsWithDoubleConsonant() && Measure() > 1)
        {
            _length--;
        }
    }

    private bool Ends(string suffix)
    {
        if (!_word[.._length].EndsWith(suffix))
        {
            return false;
        }

        _stem = _length - suffix.Length;
        return true;
    }

    /// <summary>The number of times that a consonant follows a vowel in the stem.</summary>
    private readonly int Measure()
    {
        var count = 0;
        for (var i = 1; i < _stem; i++)
        {
            count += IsConsonant(i) && !IsConsonant(i - 1) ? 1 : 0;
        }

        return count;
    }

    private readonly bool HasVowel()
    {
        for (var i = 0; i < _stem; i++)
        {
            if (!IsConsonant(i))
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool EndsWithDoubleConsonant() =>
        _length > 1 && _word[_length - 1] == _word[_length - 2] && IsConsonant(_length - 1);

    /// <summary>Consonant, vowel, consonant, of which the last is not w, x or y.</summary>
    private readonly bool EndsWithShortSyllable(int length) =>
        length > 2 && IsConsonant(length - 1) && !IsConsonant(length - 2) && IsConsonant(length - 3) && _word[length - 1] is not ('w' or 'x' or 'y');

    private readonly bool IsConsonant(int at) => _word[at] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => at == 0 || !IsConsonant(at - 1),
        _ => true,
    };
}
