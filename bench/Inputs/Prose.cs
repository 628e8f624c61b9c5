using System.Text;

namespace Quiver.Bench.Inputs;

/// <summary>
/// Seeded English-like prose: words by Zipf's law from a made vocabulary among common ones, in sentences and paragraphs. Texts hardly
/// ever repeat, so that no cache helps.
/// </summary>
internal sealed class Prose
{
    private const int MadeWords = 6_000;
    private const string Common =
        "the of and to in a is that for it as was with be by on not he his but at are this have had from they which or one you were all her she "
        + "there would their we him been has when who will no more if out so up said what its about than into them can only other time new some "
        + "could these two may first then do any like my now over such our man me even most made after also did many off before must well back "
        + "through years much where your way down should because long each just state those people too world still work between life being under";

    private static readonly string[] Onsets = ["b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "cl", "st", "tr", "pl", "ch", "sh", "pr", "gr"];
    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ea", "ai", "ou", "io", "ee"];
    private static readonly string[] Endings = ["n", "r", "t", "s", "l", "nd", "st", "ck", "ng", "m", "tion", "ment", "ing", "ed", "er", "ly", "al", ""];

    private readonly Random _random;
    private readonly string[] _words;

    public Prose(int seed)
    {
        _random = new Random(seed);
        // The vocabulary is the same for every seed.
        var words = new Random(1);
        _words = [.. Common.Split(' '), .. Enumerable.Range(0, MadeWords).Select(_ => Word(words))];
    }

    /// <summary>A text of about so many characters.</summary>
    public string Text(int characters)
    {
        var text = new StringBuilder(characters + 64);
        while (text.Length < characters)
        {
            Sentence(text);
            text.Append(_random.Next(6) == 0 ? "\n\n" : " ");
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>A length in characters as documents have it: log-normal around a median, from 40 to 20,000.</summary>
    public int Length(double median, double spread)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return (int)Math.Clamp(median * Math.Exp(spread * normal), 40, 20_000);
    }

    private void Sentence(StringBuilder text)
    {
        var count = 5 + _random.Next(18);
        for (var i = 0; i < count; i++)
        {
            // Zipf's law: the logarithm of the rank is uniform.
            var word = _words[(int)Math.Pow(_words.Length, _random.NextDouble()) - 1];
            text.Append(i == 0 ? char.ToUpperInvariant(word[0]) + word[1..] : word);
            text.Append(i == count - 1 ? "." : _random.Next(12) == 0 ? ", " : " ");
        }
    }

    private static string Word(Random random)
    {
        var word = new StringBuilder();
        for (var syllables = 1 + random.Next(3); syllables > 0; syllables--)
        {
            word.Append(Onsets[random.Next(Onsets.Length)]).Append(Vowels[random.Next(Vowels.Length)]);
        }

        return word.Append(Endings[random.Next(Endings.Length)]).ToString();
    }
}
