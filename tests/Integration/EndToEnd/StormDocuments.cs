using System.Globalization;
using System.Text;
using Quiver.Tests.Services.S3;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>A prefix of objects with JSON Lines, small, large and packed; most documents have one chunk, some several, a few poison.</summary>
internal static class StormDocuments
{
    public const int Count = 240;
    public const string Prefix = "docs/";

    private const int Objects = 6;
    private const int PerObject = Count / Objects;

    /// <summary>The object that is large, so that it is streamed by ranges instead of fetched as a whole.</summary>
    private const int Large = 2;
    private const int LargeLine = 6_000;
    private const int Line = 600;

    /// <summary>Makes the objects.</summary>
    /// <returns>Ids of documents that are refused by a storm.</returns>
    public static async Task<ImmutableHashSet<string>> PutAsync(TestBucket bucket, Random random)
    {
        var poisonous = Enumerable.Range(0, 4).Select(_ => random.Next(Count)).ToHashSet();
        for (var part = 0; part < Objects; part++)
        {
            var lines = new StringBuilder();
            foreach (var number in Enumerable.Range(part * PerObject, PerObject))
                lines.Append(LineOf(number, poisonous.Contains(number), random).PadRight(part == Large ? LargeLine : Line)).Append('\n');
            var key = $"{Prefix}part{part}.jsonl";
            if (part == Objects - 1)
                await bucket.PutAsync($"{key}.gz", TestBucket.Gzip(lines.ToString()));
            else
                await bucket.PutAsync(key, lines.ToString());
        }

        return [.. poisonous.Select(Id)];
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"doc-{number:000}");

    private static string LineOf(int number, bool poisonous, Random random)
    {
        var sentences = Enumerable.Range(0, number % 12 == 3 ? 9 : 1).Select(part =>
            $"Note {number} part {part} tells of {string.Join(' ', Enumerable.Range(0, 6).Select(_ => $"word{random.Next(1000)}"))}{(poisonous && part == 0 ? $" and {ProviderStorm.Poison}" : "")}.");
        return $$"""{"id":"{{Id(number)}}","kind":"k{{number % 3}}","text":"{{string.Join(' ', sentences)}}"}""";
    }
}
