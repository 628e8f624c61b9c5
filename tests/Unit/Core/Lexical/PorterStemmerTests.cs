using System.Globalization;
using Microsoft.Data.Sqlite;
using Quiver.Core.Lexical;
using Quiver.Tests.Support;
using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Unit.Core.Lexical;

public sealed class PorterStemmerTests
{
    [Theory]
    [InlineData("caresses", "caress")]
    [InlineData("ponies", "poni")]
    [InlineData("ties", "ti")]
    [InlineData("cats", "cat")]
    [InlineData("feed", "feed")]
    [InlineData("agreed", "agre")]
    [InlineData("plastered", "plaster")]
    [InlineData("motoring", "motor")]
    [InlineData("sing", "sing")]
    [InlineData("conflated", "conflat")]
    [InlineData("hopping", "hop")]
    [InlineData("falling", "fall")]
    [InlineData("filing", "file")]
    [InlineData("happy", "happi")]
    [InlineData("sky", "sky")]
    [InlineData("relational", "relat")]
    [InlineData("conditional", "condit")]
    [InlineData("vietnamization", "vietnam")]
    [InlineData("hopefulness", "hope")]
    [InlineData("electrical", "electr")]
    [InlineData("replacement", "replac")]
    [InlineData("adoption", "adopt")]
    [InlineData("probate", "probat")]
    [InlineData("rate", "rate")]
    [InlineData("cease", "ceas")]
    [InlineData("controlling", "control")]
    [InlineData("roll", "roll")]
    [InlineData("generalizations", "gener")]
    [InlineData("oscillators", "oscil")]
    [InlineData("is", "is")]
    public void Stem_OfAWord_IsThatOfTheAlgorithm(string word, string stem) => Assert.Equal(stem, Stem(word));

    [Fact]
    public void Stems_OfManyWords_AreThoseOfSqlite()
    {
        // The other implementation of the same algorithm that is at hand.
        var random = Seed.For(nameof(Stems_OfManyWords_AreThoseOfSqlite));
        string[] endings =
        [
            "", "s", "es", "ed", "ing", "er", "ational", "tional", "enci", "anci", "izer", "ization", "ation", "ator", "alism", "iveness", "fulness", "ousness", "aliti",
            "iviti", "icate", "ative", "alize", "iciti", "ical", "ful", "ness", "al", "ance", "ence", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "sion", "ou", "ism",
            "ate", "iti", "ous", "ive", "ize", "y", "e", "ll", "eed", "ies", "sses", "ated", "bled", "ized", "ying",
        ];
        var known = SourceTree.Texts("*.md").SelectMany(SourceTree.Lines).SelectMany(static line => line.ToLowerInvariant().Split(' ', '.', ',', '/', '`', '-'));
        var made = Enumerable.Range(0, 5_000).Select(_ => Letters(random, random.Next(1, 7)) + endings[random.Next(endings.Length)]);
        var words = known.Concat(made).Where(static word => word.Length is >= 4 and < 20 && word.All(char.IsAsciiLetterLower)).Distinct().ToList();

        var expected = Sqlite(words);

        Assert.True(words.Count > 5_000);
        Assert.Empty(words.Where(word => Stem(word) != expected[word]).Select(word => $"{word}: {Stem(word)}, not {expected[word]}").Take(20));
    }

    private static Dictionary<string, string> Sqlite(List<string> words)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Run("CREATE VIRTUAL TABLE words USING fts5(word, tokenize='porter ascii'); CREATE VIRTUAL TABLE stems USING fts5vocab(words, instance)");
        using (var transaction = connection.BeginTransaction())
        {
            for (var i = 0; i < words.Count; i++)
            {
                Run(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO words (rowid, word) VALUES ({i}, '{words[i]}')"));
            }

            transaction.Commit();
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT doc, term FROM stems";
        using var reader = command.ExecuteReader();
        Dictionary<string, string> stems = [];
        while (reader.Read())
        {
            stems[words[reader.GetInt32(0)]] = reader.GetString(1);
        }

        return stems;

        void Run(string sql)
        {
            using var run = connection.CreateCommand();
            run.CommandText = sql;
            run.ExecuteNonQuery();
        }
    }

    private static string Letters(Random random, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => "aeioubcdlmnrstwxz"[random.Next(17)]));

    private static string Stem(string word)
    {
        var letters = word.ToCharArray();
        return new(letters, 0, PorterStemmer.Stem(letters));
    }
}
