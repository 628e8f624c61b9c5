using System.Text;
using Quiver.Pipeline.Embedding.Tokenization;

namespace Quiver.Tests.Unit.Pipeline.Embedding.Tokenization;

public sealed class NfkcReaderTests
{
    private const int Seed = 5_521;

    [Fact]
    public void TryRead_HardTexts_GivesWhatNormalisingTheWholeGives()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 4_000; i++)
        {
            var text = string.Concat(RandomText.Next(random, 40).EnumerateRunes().Where(rune => rune != Rune.ReplacementChar && rune.Value != 0xFFFE));

            var segments = ReadAll(text);

            Assert.True(text.Normalize(NormalizationForm.FormKC) == string.Concat(segments), $"seed {Seed}, text {i}");
        }
    }

    [Fact]
    public void TryRead_EveryCharacterAfterALetterAndAMark_GivesWhatNormalisingTheWholeGives()
    {
        for (var value = 0; value <= 0x2FFFF; value++)
        {
            if (Rune.IsValid(value) && value != 0xFFFE)
            {
                foreach (var before in new[] { "a", "\u1100", "가", "か", "ｶ", "\u0cc6", "e\u0323" })
                {
                    var text = before + new Rune(value) + "\u0301";

                    Assert.True(text.Normalize(NormalizationForm.FormKC) == string.Concat(ReadAll(text)), $"U+{value:X4} after {before}");
                }
            }
        }
    }

    [Fact]
    public void TryRead_CharactersThatNormalisationRefuses_KeepsThemAndNormalisesTheRest() =>
        Assert.Equal("fi\ud800é\udc00\ufffefi", string.Concat(ReadAll("ﬁ\ud800e\u0301\udc00\ufffeﬁ")));

    private static List<string> ReadAll(string text)
    {
        var segments = new List<string>();
        var reader = new NfkcReader(text);
        while (reader.TryRead(out var segment, out _, out _, out _))
        {
            segments.Add(segment.ToString());
        }

        return segments;
    }
}
