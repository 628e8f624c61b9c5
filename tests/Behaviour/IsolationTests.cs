using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>Two tenants with the same documents in a collection of the same name never meet.</summary>
[Collection(BehaviourCollection.Name)]
public sealed class IsolationTests(BehaviourServer server)
{
    private readonly BehaviourTenant _ours = server.NewTenant();
    private readonly BehaviourTenant _theirs = server.NewTenant();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SameDocuments_OfTwoTenants_HavePointsOfTheirOwn()
    {
        await IngestBothAsync();

        var (ours, theirs) = (await _ours.ExportAsync(), await _theirs.ExportAsync());

        Assert.Equal(3, ours.Count);
        Assert.Equal(3, theirs.Count);
        Assert.Equal(ours.Documents(), theirs.Documents());
        Assert.Empty(ours.Ids.Intersect(theirs.Ids));
    }

    [Fact]
    public async Task Search_ForTheOthersText_FindsOnesOwnOnly()
    {
        await IngestBothAsync();

        var hits = await _ours.SearchAsync("theirs 1");
        var filtered = (await _ours.Client.SearchAsync(
            BehaviourTenant.Docs, new() { Query = "theirs", Filter = ImmutableDictionary<string, string>.Empty.Add("tenant_id", _theirs.Name) }, Token)).Hits;

        Assert.Equal(3, hits.Length);
        Assert.All(hits, static text => Assert.StartsWith("ours", text, StringComparison.Ordinal));
        Assert.Empty(filtered);
    }

    [Fact]
    public async Task Facets_OfOneTenant_CountItsOwnPointsOnly()
    {
        await IngestBothAsync();

        var values = await _ours.Client.FacetAsync(BehaviourTenant.Docs, new() { Field = "document_id" }, Token);
        var filtered = await _ours.Client.FacetAsync(
            BehaviourTenant.Docs, new() { Field = "document_id", Filter = ImmutableDictionary<string, string>.Empty.Add("tenant_id", _theirs.Name) }, Token);

        Assert.Equal(3, values.Length);
        Assert.All(values, static value => Assert.Equal(1, value.Points));
        Assert.Empty(filtered);
    }

    [Fact]
    public async Task UpdateAndMirror_OfOneTenant_LeaveTheOthersPoints()
    {
        await IngestBothAsync();
        var theirs = await _theirs.ExportAsync();
        var path = Write(_ours, "ours changed", 1);

        var report = await _ours.IngestAsync(path, SyncMode.Mirror, "id");

        Assert.Equal((1L, 2L), (report.Status.Counters.Stored, report.Status.Counters.Deleted));
        Assert.Equal(1, (await _ours.ExportAsync()).Count);
        ExportedPoints.AssertSame(theirs, await _theirs.ExportAsync(), "The other tenant's points changed");
    }

    [Fact]
    public async Task Delete_OfOneTenantsCollection_LeavesTheOthers()
    {
        await IngestBothAsync();
        var theirs = await _theirs.ExportAsync();

        await _ours.Client.DeleteCollectionAsync(BehaviourTenant.Docs, Token);

        await Assert.ThrowsAsync<NotFoundException>(() => _ours.Client.GetCollectionAsync(BehaviourTenant.Docs, Token));
        ExportedPoints.AssertSame(theirs, await _theirs.ExportAsync(), "The other tenant's points changed");
        Assert.True((await _theirs.Client.VerifyAsync(BehaviourTenant.Docs, repair: false, Token)).IsConsistent);
    }

    [Fact]
    public async Task Jobs_OfAnotherTenant_AreNotThere()
    {
        var job = (await _theirs.IngestAsync(Write(_theirs, "theirs", 1), idField: "id")).Status.Id;

        await _ours.AssertRefusedAsync(HttpMethod.Get, $"/v1/jobs/{job}", 404, ErrorCodes.UnknownJob);
        await _ours.AssertRefusedAsync(HttpMethod.Get, $"/v1/jobs/{job}/events", 404, ErrorCodes.UnknownJob);
        await _ours.AssertRefusedAsync(HttpMethod.Post, $"/v1/jobs/{job}/cancel", 404, ErrorCodes.UnknownJob);
        await _ours.AssertRefusedAsync(HttpMethod.Get, "/v1/collections/docs", 404, ErrorCodes.UnknownCollection);

        Assert.Empty((await _ours.Client.ListJobsAsync(new(), Token)).Items);
        Assert.Equal(JobState.Completed, (await _theirs.Client.GetJobAsync(job, Token)).State);
    }

    private static string Write(BehaviourTenant tenant, string word, int count) =>
        tenant.Write("documents.jsonl", string.Join('\n', Enumerable.Range(0, count).Select(number => $$"""{"id":"d-{{number}}","text":"{{word}} {{number}}"}""")));

    private async Task IngestBothAsync()
    {
        await _ours.IngestAsync(Write(_ours, "ours", 3), idField: "id");
        await _theirs.IngestAsync(Write(_theirs, "theirs", 3), idField: "id");
    }
}
