using System.Text;

namespace Quiver.Bench.Inputs;

/// <summary>
/// Seeded English-like prose: words by Zipf's law, common ones first and made ones after them, in sentences and paragraphs. Texts hardly
/// ever repeat, so that no cache helps.
/// </summary>
internal sealed class Prose
{
    private const int MadeWords = 4_000;
    private const string Common =
        "the of and to in a is that for it as was with be by on not he his but at are this have had from they which or one you were all her she "
        + "there would their we him been has when who will no more if out so up said what its about than into them can only other time new some "
        + "could these two may first then do any like my now over such our man me even most made after also did many off before must well back "
        + "through years much where your way down should because long each just state those people too world still work between life being under "
        + "water place house country school number group problem part hand system question government company case week month point home room mother "
        + "area money story fact night study book word business issue side kind head service friend father power hour game line end member law car "
        + "city community name president team minute idea body information back parent face others level office door health person art war history "
        + "party result change morning reason research girl guy moment air teacher force education foot boy age policy process music market sense "
        + "nation plan college interest death experience effect class control field development role effort rate heart drug show leader light voice "
        + "wife police mind price report decision son view relationship town road arm difference value building action season society tax director "
        + "position player record paper space ground form event official matter center couple site project activity star table need court oil "
        + "situation cost industry figure street image phone data picture practice piece land product doctor wall patient worker news test movie "
        + "north love support technology step baby computer type attention film tree source hair look century evidence window culture chance brother "
        + "energy period course summer plant opportunity term letter condition choice rule daughter south husband floor campaign material population "
        + "call economy hospital church risk fire future bank sport staff knowledge board stage language quality access garden river mountain bridge "
        + "machine science theory method model analysis measure sample answer letter message network engine bottle metal glass stone silver winter "
        + "great small large young important different public early able human local late hard major better economic strong possible whole free "
        + "military true federal international full special easy clear recent certain personal open red difficult available likely short single "
        + "medical current wrong private past foreign fine common poor natural significant similar hot dead central happy serious ready simple left "
        + "physical general environmental financial blue democratic dark various entire close legal religious cold final main green nice huge popular "
        + "say get make go know take see come think look want give use find tell ask work seem feel try leave call keep begin help talk turn start "
        + "show hear play run move live believe hold bring happen write provide sit stand lose pay meet include continue set learn change lead "
        + "understand watch follow stop create speak read allow add spend grow open walk win offer remember consider appear buy wait serve die send "
        + "expect build stay fall cut reach kill remain suggest raise pass sell require decide pull return explain hope develop carry break receive "
        + "agree support hit produce eat cover catch draw choose cause require wear";

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
