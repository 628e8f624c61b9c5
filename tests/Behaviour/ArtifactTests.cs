using System.Net;
using System.Text.Json;
using Quiver.Client.Json;

namespace Quiver.Tests.Behaviour;

/// <summary>What a job leaves behind for people, kept in the data directory and fetched by a link.</summary>
[Collection(BehaviourCollection.Name)]
public sealed class ArtifactTests(BehaviourServer server)
{
    private readonly BehaviourTenant _tenant = server.NewTenant();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_FailedDocumentsAndReport_AreFetchedByTheirLinksAlone()
    {
        var report = await _tenant.RunAsync(_tenant.Spec(_tenant.Write("d.jsonl", "{\"text\":\"fine\"}\n{}\nbroken\n")) with { MaxFailureRatio = 1 });

        var export = await _tenant.Client.ExportJobAsync(report.Status.Id, Token);
        var again = await _tenant.Client.ExportJobAsync(report.Status.Id, Token);

        Assert.Equal(["failures.jsonl", "report.json"], export.Artifacts.Select(static artifact => artifact.Name));
        Assert.Equal(export.Artifacts.Select(static artifact => artifact.Bytes), again.Artifacts.Select(static artifact => artifact.Bytes));
        using var answer = await server.Http.GetAsync(export.Artifacts[0].Link, Token);
        var lines = (await answer.Content.ReadAsStringAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [ErrorCodes.MissingText, ErrorCodes.MalformedRecord], lines.Select(static line => JsonSerializer.Deserialize(line, QuiverJsonContext.Shared.FailedDocument)!.Code));
        Assert.Equal(("application/jsonl", "failures.jsonl", export.Artifacts[0].Bytes), (
            answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.FileName, answer.Content.Headers.ContentLength));
        var stored = JsonSerializer.Deserialize(await server.Http.GetStringAsync(export.Artifacts[1].Link, Token), QuiverJsonContext.Shared.JobReport)!;
        Assert.Equal((report.Status.Id, JobState.CompletedWithWarnings), (stored.Status.Id, stored.Status.State));
    }

    [Fact]
    public async Task Export_AJobOfAnotherTenant_IsUnknownAndItsLinksCannotBeGuessed()
    {
        var job = (await _tenant.IngestAsync(_tenant.Write("d.txt", "text"))).Status.Id;
        var link = (await _tenant.Client.ExportJobAsync(job, Token)).Artifacts[0].Link.AbsolutePath;
        var other = server.NewTenant();

        await other.AssertRefusedAsync(HttpMethod.Post, $"/v1/jobs/{job}/export", 404, ErrorCodes.UnknownJob);
        await other.AssertRefusedAsync(HttpMethod.Get, link[..^1] + (link[^1] == 'A' ? 'B' : 'A'), 404, ErrorCodes.UnknownArtifact);
        await other.AssertRefusedAsync(HttpMethod.Get, "/artifacts/x", 404, ErrorCodes.UnknownArtifact);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync(link, Token)).StatusCode);
    }

    [Fact]
    public async Task Failures_ExportByTheCommandLine_PrintsLinksThatWork()
    {
        var report = await _tenant.RunAsync(_tenant.Spec(_tenant.Write("d.jsonl", "{\"text\":\"fine\"}\n{}\n")) with { MaxFailureRatio = 1 });

        var said = await _tenant.CliAsync("jobs", "failures", $"{report.Status.Id}", "--export");

        Assert.Equal(0, said.ExitCode);
        var link = said.Out.Split(' ', '\n').First(static word => word.Contains("/artifacts/", StringComparison.Ordinal));
        Assert.Contains(ErrorCodes.MissingText, await server.Http.GetStringAsync(new Uri(link), Token), StringComparison.Ordinal);
    }
}
