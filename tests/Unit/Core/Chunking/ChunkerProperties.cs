using System.Text;
using Quiver.Core.Chunking;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Chunking;

public sealed class ChunkerProperties
{
    private static readonly string[] Pieces =
    [
        "word", "a", " ", " ", " ", "  ", "\n", "\n\n", "\r\n", "\r", "\t", ". ", "! ", "。", "吾輩は猫", "# Title\n", "\n## Two\n", "```\n", "- item ", "\n    ", "{\n", "}\n", "def f():\n",
        "| a | b |\n", "===\n", "---\n", "👩‍👩‍👧‍👦", "😀", "\ud83d", "\ude00", "e\u0301\u0301", "\u200d", "\u3000", "\u2028", "\u00a0", "\uFEFF", "\0", "Dr. ", "e.g. ", "\"Quoted.\" ",
        "averyveryveryverylongwordwithoutanyplacetobreak", "https://example.org/a/b?c=d&e=f", "...", ").)", "\n\n\n\n\n", "                                                                        ",
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Chunks_OfAnyText_KeepTheContract(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 25; round++)
        {
            var text = Text(random);
            var format = (DocumentFormat)random.Next((int)DocumentFormat.Text, (int)DocumentFormat.Code + 1);
            var max = random.Next(8, 120);
            var options = new ChunkingOptions(max, random.Next(0, (max / 2) + 1))
            {
                TextStart = random.Next(4) == 0 ? Boundary(text, random.Next(text.Length + 1)) : 0,
                Title = random.Next(3) == 0 ? null : Pieces[random.Next(Pieces.Length)] + " title " + new string('t', random.Next(0, 300)),
                EmbedContext = random.Next(3) > 0,
                Strategy = random.Next(4) == 0 ? ChunkingStrategy.Fixed : ChunkingStrategy.Structure,
            };
            var tokenizer = new PieceTokenizer(random.Next(0, 3));

            var chunks = new StructuralChunker(tokenizer).Chunk(text, format, options).ToList();

            var what = $"seed {seed}, round {round}, {format}, {options}";
            Assert.True(Fault(text, chunks, options, tokenizer) is not { } fault, $"{what}: {Fault(text, chunks, options, tokenizer)}");
            Assert.True(chunks.SequenceEqual(new StructuralChunker(tokenizer).Chunk(text, format, options)), $"{what}: not deterministic");
            var at = random.Next(chunks.Count + 1);
            var rest = at < chunks.Count ? new StructuralChunker(tokenizer).Chunk(text, format, options, chunks[at].Cursor) : [];
            Assert.True(chunks.Skip(at).SequenceEqual(rest), $"{what}: cut differently from chunk {at} on");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Chunks_OfMarkdown_HaveTheirHeadingsAndNeverEndWithOne(int seed)
    {
        var random = new Random(seed);
        var tokenizer = new PieceTokenizer();
        var (text, headings) = Markdown(random);
        var options = new ChunkingOptions(random.Next(40, 160), random.Next(0, 12)) { Title = "Guide", EmbedContext = true };

        var chunks = new StructuralChunker(tokenizer).Chunk(text, DocumentFormat.Markdown, options).ToList();

        foreach (var chunk in chunks)
        {
            var what = $"seed {seed}, {options}, chunk {chunk.Number}: {chunk.Text}";
            Assert.True(chunk == chunks[^1] || !chunk.Text[(chunk.Text.LastIndexOf('\n') + 1)..].StartsWith('#'), $"ends with a heading: {what}");

            // The headings at the chunk's first character, from where the text was made with them.
            List<(int Level, string Text)> path = [];
            foreach (var (position, level, heading) in headings.TakeWhile(known => known.Position <= chunk.StartChar))
            {
                path.RemoveAll(above => above.Level >= level);
                path.Add((level, heading));
            }

            Assert.True(path.Select(entry => entry.Text).SequenceEqual(chunk.Outline?.ToPath() ?? []), $"has the headings {chunk.Outline}: {what}");
        }
    }

    private static (string Text, List<(int Position, int Level, string Heading)> Headings) Markdown(Random random)
    {
        var text = new StringBuilder();
        List<(int, int, string)> headings = [];
        for (var i = random.Next(1, 30); i > 0; i--)
        {
            if (random.Next(3) > 0)
            {
                var (level, heading) = (random.Next(1, 5), $"Heading {i} {new string('h', random.Next(0, 12))}".Trim());
                headings.Add((text.Length, level, heading));
                text.Append('#', level).Append(' ').Append(heading).Append("\n\n");
            }

            for (var paragraph = random.Next(0, 4); paragraph > 0; paragraph--)
            {
                for (var sentence = random.Next(1, 8); sentence > 0; sentence--)
                {
                    text.AppendJoin(' ', Enumerable.Range(0, random.Next(2, 15)).Select(_ => new string('w', random.Next(1, 10)))).Append(random.Next(6) == 0 ? " " : ". ");
                }

                text.Append("\n\n");
            }
        }

        return (text.ToString(), headings);
    }

    private static int Boundary(string text, int position) => Splits(text, position) ? position - 1 : position;

    internal static string? Fault(string text, List<Chunk> chunks, ChunkingOptions options, PieceTokenizer tokenizer)
    {
        var covered = options.TextStart;
        foreach (var (i, chunk) in chunks.Index())
        {
            if (chunk.Number != i)
            {
                return $"chunk {i} has the number {chunk.Number}";
            }

            if (text[chunk.StartChar..chunk.EndChar] != chunk.Text)
            {
                return $"chunk {i} is not the text of its range";
            }

            if (string.IsNullOrWhiteSpace(chunk.Text))
            {
                return $"chunk {i} is white space";
            }

            var tokens = tokenizer.CountTokens(chunk.EmbeddedText);
            if (tokens > chunk.Tokens || chunk.Tokens > options.MaxTokens || (chunk.EmbeddedText == chunk.Text && tokens != chunk.Tokens))
            {
                return $"chunk {i} has {tokens} tokens and says {chunk.Tokens}";
            }

            if (!chunk.EmbeddedText.EndsWith(chunk.Text, StringComparison.Ordinal) || (!options.EmbedContext && chunk.EmbeddedText != chunk.Text))
            {
                return $"chunk {i} is embedded as '{chunk.EmbeddedText}'";
            }

            if (tokenizer.CountTokens(chunk.EmbeddedText) - tokenizer.CountTokens(chunk.Text) > options.MaxTokens / 4)
            {
                return $"the context of chunk {i} takes more than a quarter";
            }

            if (chunk.StartLine != 1 + text.AsSpan(0, chunk.StartChar).Count('\n') || chunk.EndLine != 1 + text.AsSpan(0, chunk.EndChar - 1).Count('\n'))
            {
                return $"chunk {i} has wrong lines {chunk.StartLine}-{chunk.EndLine}";
            }

            if (chunk.StartChar > covered && !string.IsNullOrWhiteSpace(text[covered..chunk.StartChar]))
            {
                return $"text before chunk {i} is lost";
            }

            if (i > 0 && (chunk.StartChar <= chunks[i - 1].StartChar || chunk.EndChar <= covered))
            {
                return $"chunk {i} brings nothing new";
            }

            if (Splits(text, chunk.StartChar) || Splits(text, chunk.EndChar))
            {
                return $"chunk {i} splits a surrogate pair";
            }

            if (options.OverlapTokens == 0 && chunk.StartChar < covered)
            {
                return $"chunk {i} repeats text";
            }

            covered = chunk.EndChar;
        }

        return string.IsNullOrWhiteSpace(text[covered..]) ? null : "the end of the text is lost";
    }

    private static bool Splits(string text, int position) =>
        position > 0 && position < text.Length && char.IsSurrogatePair(text[position - 1], text[position]);

    internal static string Text(Random random)
    {
        var text = new StringBuilder();
        var pieces = random.Next(0, 400);
        var palette = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Pieces[random.Next(Pieces.Length)]).ToArray();
        for (var i = 0; i < pieces; i++)
        {
            text.Append(palette[random.Next(palette.Length)]);
        }

        return text.ToString();
    }
}
