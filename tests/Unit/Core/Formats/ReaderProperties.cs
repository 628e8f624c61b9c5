using System.Text;
using System.Text.Json;
using Quiver.Core.Formats;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Formats;

public sealed class ReaderProperties
{
    private static readonly RecordOptions Options = new() { MaxDocumentBytes = 600, IdField = "id" };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly string[] Strings =
        ["plain", "two words", "quote \" inside", "back\\slash", "brackets ]}[{", "line\nbreak", "tab\t", "é", "吾輩は猫", "😀", "\u2028", "\u0001", "", " ", "\\\"", "{\"text\":1}"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Read_ValidRecordsOverAnyBuffers_AgreesWithTheFramework(int seed)
    {
        var random = new Random(seed);
        var records = Enumerable.Range(0, random.Next(0, 30)).Select(_ => Record(random)).ToArray();
        var indented = random.Next(2) == 0;

        var lines = Encoding.UTF8.GetBytes(string.Concat(records.Select(record => record.ToJsonString() + (random.Next(2) == 0 ? "\n" : "\r\n\n"))));
        var array = JsonSerializer.SerializeToUtf8Bytes(records, indented ? Indented : JsonSerializerOptions.Default);

        foreach (var (format, content) in new[] { (DocumentFormat.JsonLines, lines), (DocumentFormat.Json, array) })
        {
            if (records.Length == 0)
            {
                continue;
            }

            var read = await Records.ReadAsync(format, content, Options with { MaxDocumentBytes = 100_000 }, RecordCursor.Start, random, random.Next(1, 100));
            Assert.Equal(records.Select(Expected), read.Select(record => $"{record.Fault?.Code}|{record.ExplicitId}|{record.Text}"));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Read_FromEveryRecordOfAnyFile_GivesTheRestOfIt(int seed)
    {
        var random = new Random(seed);
        foreach (var format in new[] { DocumentFormat.JsonLines, DocumentFormat.Json, DocumentFormat.Text, DocumentFormat.Markdown, DocumentFormat.Code })
        {
            var content = Damaged(format, random);

            var whole = await Records.ReadAsync(format, content, Options);

            var expected = whole.Select(Records.Show).ToArray();
            for (var i = 0; i < whole.Count; i++)
            {
                // Behind the last record a source does not come back to the file.
                if (i == whole.Count - 1)
                {
                    break;
                }

                var rest = await Records.ReadAsync(format, content, Options, whole[i].Next, random, random.Next(1, 200));
                Assert.True(
                    expected[(i + 1)..].SequenceEqual(rest.Select(Records.Show)),
                    $"seed {seed}, {format}, from record {i}:\n{string.Join('\n', expected[(i + 1)..])}\nbut read\n{string.Join('\n', rest.Select(Records.Show))}\nof\n{Encoding.UTF8.GetString(content)}");
            }

            Assert.Equal(expected, (await Records.ReadAsync(format, content, Options, RecordCursor.Start, random, 3)).Select(Records.Show));
        }
    }

    private static byte[] Damaged(DocumentFormat format, Random random)
    {
        var records = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Record(random).ToJsonString(format == DocumentFormat.Json && random.Next(3) == 0 ? Indented : JsonSerializerOptions.Default));
        var text = format == DocumentFormat.Json ? $"[{string.Join(", \n", records)}\n]\n" : string.Join("\n", records);
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        for (var damage = random.Next(0, 4); damage > 0; damage--)
        {
            var at = random.Next(1, bytes.Count);
            switch (random.Next(3))
            {
                case 0:
                    bytes.RemoveAt(at);
                    break;
                case 1:
                    bytes.Insert(at, (byte)"\n,{}[]\" x\\"[random.Next(10)]);
                    break;
                default:
                    bytes[at] = (byte)random.Next(1, 256);
                    break;
            }
        }

        return [.. bytes];
    }

    private static string Expected(System.Text.Json.Nodes.JsonObject record)
    {
        var id = (string)record["id"]!;
        var text = (string)record["text"]!;
        return string.IsNullOrWhiteSpace(text) ? $"{ErrorCodes.EmptyDocument}|{id}|" : $"|{id}|{text}";
    }

    private static System.Text.Json.Nodes.JsonObject Record(Random random)
    {
        var text = string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => Strings[random.Next(Strings.Length)]));
        var record = new System.Text.Json.Nodes.JsonObject { ["id"] = $"id{random.Next(1_000)}", ["text"] = text };
        for (var i = random.Next(4); i > 0; i--)
        {
            record[$"{Strings[random.Next(Strings.Length)]}{i}"] = JsonSerializer.SerializeToNode<object>(random.Next(2) == 0 ? i : new { a = new[] { i }, b = Strings[i] });
        }

        return record;
    }
}
