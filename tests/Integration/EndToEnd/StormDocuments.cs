using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Quiver.Tests.Services.S3;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>A prefix of objects with JSON Lines, small, large and packed; most documents have one chunk, some several, a few poison.</summary>
internal static partial class StormDocuments
{
    public const int Count = 240;
    public const string Prefix = "docs/";

    /// <summary>Documents of an object.</summary>
    public const int PerObject = Count / Objects;

    private const int Objects = 6;

    /// <summary>The object that is large, so that it is streamed by ranges instead of fetched as a whole.</summary>
    private const int Large = 2;
    private const int LargeLine = 8_000;
    private const int Line = 600;
    private static readonly string LargeKey = Key(Large);

    /// <summary>Makes the objects.</summary>
    /// <returns>Ids of documents that are refused by a storm.</returns>
    public static async Task<ImmutableHashSet<string>> PutAsync(TestBucket bucket, Random random)
    {
        var poisonous = Enumerable.Range(0, 4).Select(_ => random.Next(Count)).ToHashSet();
        for (var part = 0; part < Objects; part++)
        {
            var lines = new StringBuilder();
            foreach (var number in Enumerable.Range(part * PerObject, PerObject))
            {
                lines.Append(LineOf(number, poisonous.Contains(number), random).PadRight(part == Large ? LargeLine : Line)).Append('\n');
            }

            if (part == Objects - 1)
            {
                await bucket.PutAsync($"{Key(part)}.gz", TestBucket.Gzip(lines.ToString()));
            }
            else
            {
                await bucket.PutAsync(Key(part), lines.ToString());
            }
        }

        return [.. poisonous.Select(Id)];
    }

    /// <summary>Whether a request is for the rest of the large object, of which documents have been read before.</summary>
    /// <param name="head">The request's line and headers.</param>
    public static bool IsForRestOfLarge(string head) =>
        head.Contains($"/{LargeKey}", StringComparison.Ordinal) && RangeStart().Match(head) is { Success: true } range
        && int.Parse(range.Groups[1].ValueSpan, CultureInfo.InvariantCulture) >= ThreeServices.RangeBytes;

    /// <summary>Whether a document is one of the large object's.</summary>
    public static bool IsOfLarge(string document) => Enumerable.Range(Large * PerObject, PerObject).Any(number => Id(number) == document);

    /// <summary>Replaces the large object by one that has the same documents and is another.</summary>
    public static async Task ReplaceLargeAsync(TestBucket bucket) => await bucket.PutAsync(LargeKey, $"{await bucket.TextAsync(LargeKey)}\n");

    private static string Key(int part) => $"{Prefix}part{part}.jsonl";

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"doc-{number:000}");

    private static string LineOf(int number, bool poisonous, Random random)
    {
        var sentences = Enumerable.Range(0, number % 12 == 3 ? 9 : 1).Select(part =>
            $"Note {number} part {part} tells of {string.Join(' ', Enumerable.Range(0, 6).Select(_ => $"word{random.Next(1000)}"))}{(poisonous && part == 0 ? $" and {ProviderStorm.Poison}" : "")}.");
        return $$"""{"id":"{{Id(number)}}","kind":"k{{number % 3}}","text":"{{string.Join(' ', sentences)}}"}""";
    }

    [GeneratedRegex(@"\nRange: bytes=(\d+)-", RegexOptions.IgnoreCase)]
    private static partial Regex RangeStart();
}
