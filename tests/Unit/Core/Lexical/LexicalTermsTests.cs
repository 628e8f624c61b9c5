using System.Text;
using Quiver.Core.Lexical;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Lexical;

public sealed class LexicalTermsTests
{
    private static readonly string[] Pieces =
    [
        "word", "Running", "é", "e\u0301", "\u0301", "json.JSONDecodeError", "snake_case", "__init__", "_", ".", "..", "CamelCase", "getURLs", "HTTPServer2", "3.14", "a", " ", " ", "\n",
        "\"", "'", "*", "(", ")", "^", ":", "-", "OR", "AND", "NOT", "NEAR", "吾輩は猫である", "猫", "ß", "İ", "Ж", "한국어", "हिन्दी", "😀", "\ud83d", "\ude00", "\uFFFD", "\0", "\u200d", "ﬁ", "Ⅷ",
        new string('x', 200), string.Join('_', Enumerable.Repeat("part", 40)),
    ];

    [Theory]
    [InlineData("The runners were running.", "the runner were run")]
    [InlineData("json.JSONDecodeError", "json json decod error jsondecodeerror json.jsondecodeerror")]
    [InlineData("snake_case", "snake case snake_case")]
    [InlineData("os.path.join_all(x)", "os path join all join_all os.path.join_all x")]
    [InlineData("CamelCase", "camel case camelcas")]
    [InlineData("XMLHttpRequest", "xml http request xmlhttprequest")]
    [InlineData("__init__", "init")]
    [InlineData("getURLs", "get url geturl")]
    [InlineData("sha256 utf8Encoding", "sha256 utf8 encod utf8encoding")]
    [InlineData("version 3.14, please", "version 3 14 3.14 pleas")]
    [InlineData("One sentence. Another", "on sentenc anoth")]
    [InlineData("Café ÉCOLE naïve Straße", "cafe ecol naiv straße")]
    [InlineData("e\u0301cole", "ecol")]
    [InlineData("日本語 日", "日本 本語 日")]
    [InlineData("Ünïcode Жук", "unicod жук")]
    [InlineData("a*b \"c\" -d NEAR(e f)", "a b c d near e f")]
    [InlineData("x\ud83dy \0 z", "x y z")]
    [InlineData("", "")]
    [InlineData(" .,;_ ", "")]
    public void Write_OfAText_GivesItsTerms(string text, string terms) => Assert.Equal(terms, LexicalTerms.Write(text));

    [Theory]
    [InlineData("How do I resume a job?", "resum job")]
    [InlineData("to be or not to be", "to be or not")]
    [InlineData("job jobs JOB", "job")]
    [InlineData("???", "")]
    public void OfQuery_LeavesOutFrequentWordsUnlessThereAreNoOthers(string query, string terms) => Assert.Equal(terms, string.Join(' ', LexicalTerms.OfQuery(query)));

    [Fact]
    public void OfQuery_OfAPastedText_HasALimit() =>
        Assert.Equal(LexicalTerms.MaxQueryTerms, LexicalTerms.OfQuery(string.Join(' ', Enumerable.Range(0, 1000).Select(static i => $"w{i}"))).Count);

    [Theory]
    [InlineData("A job resumes; jobs resume.", "how do I resume a job", "[job] [resumes] [jobs] [resume]")]
    [InlineData("raise json.JSONDecodeError(x)", "JSONDecodeError", "[json] [JSONDecodeError]")]
    [InlineData("raise json.JSONDecodeError(x)", "decode errors", "[DecodeError]")]
    [InlineData("call snake_case()", "case", "[case]")]
    [InlineData("nothing here", "resume", "")]
    public void FindIn_AText_GivesTheWordsOfTheQuery(string text, string query, string words)
    {
        var ranges = LexicalTerms.FindIn(text, [.. LexicalTerms.OfQuery(query)], 64);

        Assert.Equal(words, string.Join(' ', ranges.Select(range => $"[{text[range.Start..range.End]}]")));
    }

    [Fact]
    public void FindIn_ATextOfNothingElse_HasALimit() =>
        Assert.Equal(5, LexicalTerms.FindIn(string.Join(", ", Enumerable.Repeat("job", 100)), ["job"], 5).Length);

    [Fact]
    public void Terms_OfAnyText_AreWhatTheIndexReads()
    {
        var random = Seed.For(nameof(Terms_OfAnyText_AreWhatTheIndexReads));
        for (var round = 0; round < 3_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Pieces[random.Next(Pieces.Length)] + (random.Next(2) == 0 ? " " : "")));
            var written = LexicalTerms.Write(text);
            var terms = written.Length == 0 ? [] : written.Split(' ');

            // What a store gives back of a text with lone surrogates.
            Assert.Equal(written, LexicalTerms.Write(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))));
            Assert.All(terms, term => Assert.InRange(term.Length, 1, TermReader<Sink>.MaxTermLength + 1));
            Assert.All(terms, term => Assert.DoesNotContain(term, static letter => letter < 0x80 && !char.IsAsciiDigit(letter) && !char.IsAsciiLetterLower(letter) && letter is not ('_' or '.')));
            var ranges = LexicalTerms.FindIn(text, [.. terms], int.MaxValue);
            Assert.All(ranges, range => Assert.True(range.Start >= 0 && range.Start < range.End && range.End <= text.Length, $"{range} of {text}"));
            Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start, text));
            Assert.Equal(terms.Length > 0, ranges.Length > 0);
        }
    }

    private readonly struct Sink : ITermSink
    {
        public void Add(ReadOnlySpan<char> term, int start, int end)
        {
        }
    }
}
