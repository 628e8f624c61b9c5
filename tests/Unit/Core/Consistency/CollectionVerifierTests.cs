using Quiver.Core.Consistency;
using Quiver.Core.Vectors;
using Quiver.Tests.Support;
using Quiver.Tests.Unit.Core.Documents;

namespace Quiver.Tests.Unit.Core.Consistency;

public sealed class CollectionVerifierTests
{
    private readonly BatchRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_WhatIsStored_IsConsistent()
    {
        await FillAsync(450);

        var reports = await VerifyAsync();

        Assert.All(reports, report => Assert.True(report.IsConsistent));
        Assert.Equal((450, 900), (reports.Sum(report => report.Documents), reports.Sum(report => report.ExpectedPoints)));
        Assert.True(reports.Count >= 4);
    }

    [Fact]
    public async Task Verify_MissingPoint_IsFoundAndRepairedByTheNextRun()
    {
        await FillAsync(3);
        await _rig.Store.DeleteAsync(new(BatchRig.Physical, _rig.Scope), [PointId.Create(_rig.Scope, "d001", 1)], Token);

        var found = await VerifyAsync();
        Assert.Equal((1, 0), (found.Sum(report => report.MissingPoints), found.Sum(report => report.Repaired)));
        Assert.Equal(["d001"], found.SelectMany(report => report.Differing));

        Assert.Equal(1, (await VerifyAsync(repair: true)).Sum(report => report.Repaired));
        await FillAsync(3, generation: 2);
        Assert.All(await VerifyAsync(), report => Assert.True(report.IsConsistent));
        Assert.Equal(6, _rig.Points().Count);
    }

    [Fact]
    public async Task Verify_SurplusPoints_AreFoundAndDeleted()
    {
        await FillAsync(2);
        await _rig.Ledger.DeleteAsync(_rig.Scope, ["d000"], Token);

        Assert.Equal(2, (await VerifyAsync()).Sum(report => report.SurplusPoints));
        Assert.Equal(2, (await VerifyAsync(repair: true)).Sum(report => report.Repaired));
        Assert.Equal(["d001#0=a", "d001#1=b"], _rig.Points());
    }

    [Fact]
    public async Task Verify_UnfinishedDocument_IsTold()
    {
        await _rig.CreateProcessor().ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", string.Join('\n', Enumerable.Range(0, 40)))]), Token);

        var reports = await VerifyAsync();

        Assert.Equal((1, 0, 0), (reports.Sum(report => report.UnfinishedDocuments), reports.Sum(report => report.MissingPoints), reports.Sum(report => report.SurplusPoints)));
    }

    [Fact]
    public async Task Verify_RepairOfACollectionWithoutAnyPoint_HasEverythingStoredAgain()
    {
        await FillAsync(3);
        await _rig.Store.DeleteAllAsync(new(BatchRig.Physical, _rig.Scope), Token);

        Assert.Equal(3, (await VerifyAsync(repair: true)).Sum(report => report.Repaired));
        await FillAsync(3, generation: 2);

        Assert.Equal(6, _rig.Points().Count);
    }

    [Theory]
    [InlineData(JobState.Queued)]
    [InlineData(JobState.Running)]
    [InlineData(JobState.Paused)]
    public async Task Verify_RepairBesideAnUnfinishedJob_IsRefused(JobState state)
    {
        await FillAsync(2);
        await _rig.Ledger.DeleteAsync(_rig.Scope, ["d000"], Token);
        await _rig.Ledger.SaveJobAsync(new JobStatus { Id = JobId.Parse("j1"), Spec = JobSamples.Spec(), State = state, CreatedAt = JobSamples.Start }, Token);

        var error = await Assert.ThrowsAsync<ConflictException>(() => VerifyAsync(repair: true));

        Assert.Equal(ErrorCodes.CollectionInUse, error.Code);
        Assert.Contains("j1", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, _rig.Points().Count);
        Assert.Equal(2, (await VerifyAsync()).Sum(report => report.SurplusPoints));
    }

    [Fact]
    public async Task Verify_SurplusPointsThatAJobStoresAgainMeanwhile_Stay()
    {
        await FillAsync(2);
        await _rig.Ledger.DeleteAsync(_rig.Scope, ["d000"], Token);
        _rig.Faults.OnStep = async step =>
        {
            if (step == "before delete older")
            {
                _rig.Faults.OnStep = null;
                await FillAsync(2, generation: 2);
            }
        };

        await VerifyAsync(repair: true);

        Assert.Equal(4, _rig.Points().Count);
        Assert.All(await VerifyAsync(), report => Assert.True(report.IsConsistent));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("points:nonsense")]
    public async Task Verify_BadPageToken_IsRefused(string token)
    {
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => new CollectionVerifier(_rig.Ledger, _rig.Store).VerifyAsync(_rig.Binding, token, false, Token));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
    }

    private async Task FillAsync(int documents, long generation = 1)
    {
        foreach (var batch in Enumerable.Range(0, documents).Chunk(50))
        {
            await _rig.ProcessAsync(_rig.Request(batch.Select(i => DocumentSamples.Item(i, $"d{i:000}", "a\nb")), generation: generation));
        }
    }

    private async Task<List<VerifyReport>> VerifyAsync(bool repair = false)
    {
        var verifier = new CollectionVerifier(_rig.Ledger, _rig.Store);
        List<VerifyReport> reports = [await verifier.VerifyAsync(_rig.Binding, null, repair, Token)];
        while (reports[^1].Next is { } next)
        {
            reports.Add(await verifier.VerifyAsync(_rig.Binding, next, repair, Token));
        }

        return reports;
    }
}
