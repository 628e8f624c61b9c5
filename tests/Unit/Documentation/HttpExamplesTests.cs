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
        List<JobRequest> jobs = [];
        List<SearchQuery> searches = [];

        foreach (Match example in Example().Matches(page))
        {
            var body = example.Groups["body"].Value;
            if (example.Groups["path"].Value == "jobs")
                jobs.Add(JsonSerializer.Deserialize<JobRequest>(body, Strict)!);
            else
                searches.Add(JsonSerializer.Deserialize<SearchQuery>(body, Strict)!);
        }

        Assert.Equal(["files", "s3", "s3", "postgres", "postgres"], jobs.Select(static job => job.ToSpec(TenantId.Parse("acme")).Source.Kind));
        Assert.Contains(searches, static search => search.ToRequest() is { ScoreThreshold: > 0, Filter.Count: 1 });
        Assert.Equal(page.Split(" -d ").Length - 1, jobs.Count + searches.Count);
    }

    [GeneratedRegex(@"\$api/(?<path>jobs|collections/\w+/search) .*?-d '(?<body>[^']+)'", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();
}
