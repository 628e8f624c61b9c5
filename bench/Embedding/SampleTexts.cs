using System.Text;
using Quiver.Core.Embedding;

namespace Quiver.Bench.Embedding;

/// <summary>English-like sentences from a seeded generator, truncated to the lengths of chunks.</summary>
internal static class SampleTexts
{
    private const int Seed = 1;
    private const string Words =
        "the a job reads documents from source and cuts them into chunks which model turns vectors store keeps while progress is visible machine "
        + "restart checkpoint never loses its place tenant collection search answers question with score path line database table folder archive "
        + "memory bounded queue thread when failure happens only guilty document fails others land safely again nothing done twice";

    /// <summary>Sets of texts by name, each of about <paramref name="tokens"/> tokens.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<string> Texts)> Create(ITokenizer tokenizer, int tokens)
    {
        yield return ("about 32 tokens", Texts(tokenizer, tokens, 24, 32));
        yield return ("about 64 tokens", Texts(tokenizer, tokens, 48, 64));
        yield return ("1 to 128 tokens", Texts(tokenizer, tokens, 1, 128));
    }

    private static List<string> Texts(ITokenizer tokenizer, int tokens, int min, int max)
    {
        var random = new Random(Seed);
        var words = Words.Split(' ');
        var texts = new List<string>();
        for (var total = 0; total < tokens;)
        {
            var text = new StringBuilder();
            while (text.Length < max * 8)
            {
                text.Append(words[random.Next(words.Length)]).Append(random.Next(9) == 0 ? ". " : " ");
            }

            var length = tokenizer.IndexOfTokenLimit(text.ToString(), random.Next(Math.Max(2, min), max + 1), out var count);
            texts.Add(text.ToString(0, length));
            total += count;
        }

        return texts;
    }
}
