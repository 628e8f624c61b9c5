using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Quiver.Client.Json;
using Quiver.Client.Requests;
using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Unit.Documentation;

/// <summary>The bodies of the requests that docs/http.md shows are understood whole.</summary>
public sealed partial class HttpExamplesTests
{
    private static readonly JsonSerializerOptions Strict =
        new(QuiverJsonContext.Shared.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    [Fact]
    public async Task Bodies_OfAllExamples_HaveNoMemberThatTheServerWouldNotRead()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "http.md"), TestContext.Current.CancellationToken);
        var bodies = Example().Matches(page)
            .Select(static example => JsonSerializer.Deserialize(example.Groups["body"].Value, TypeOf(example.Groups["path"].Value), Strict)!)
            .ToList();

        Assert.Equal(["files", "s3", "s3", "postgres", "postgres"], bodies.OfType<JobRequest>().Select(static job => job.ToSpec(TenantId.Parse("acme")).Source.Kind));
        Assert.Contains(bodies.OfType<SearchQuery>(), static search => search.ToRequest() is { ScoreThreshold: > 0, Filter.Count: 1 });
        Assert.Equal(page.Split(" -d ").Length - 1, bodies.Count);
    }

    private static Type TypeOf(string path) => path[(path.LastIndexOf('/') + 1)..] switch
    {
        "jobs" => typeof(JobRequest),
        "search" => typeof(SearchQuery),
        "facets" => typeof(FacetQuery),
        "preview" => typeof(ChunkPreviewQuery),
        _ => throw new InvalidOperationException($"The test has no body for {path}."),
    };

    [GeneratedRegex(@"\$api/(?<path>jobs|chunks/preview|collections/\w+/\w+) [^$]*?-d '(?<body>[^']+)'", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();
}
