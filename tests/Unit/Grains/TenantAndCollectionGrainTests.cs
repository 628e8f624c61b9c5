using Quiver.Core.Ledger;
using Quiver.Core.Vectors;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

public sealed class TenantAndCollectionGrainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tenant_TurnOfAJobThatWasNeverWritten_GoesToTheNext()
    {
        await using var rig = await GrainRig.StartAsync(options => options.MaxRunningPerTenant = 1);
        Assert.True(await rig.Tenant().RequestAdmissionAsync(JobId.Parse("ghost"), Token));

        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);

        await rig.UntilAsync("j1", JobState.Completed);
    }

    [Fact]
    public async Task Tenant_MoreJobsThanTurns_RunOneAfterTheOther()
    {
        await using var rig = await GrainRig.StartAsync(options => options.MaxRunningPerTenant = 1);
        var gate = new TaskCompletionSource();
        rig.Factory.Sources["/data"] = new ScriptedSource(3) { Wait = (0, gate.Task) };

        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        var second = await rig.Job("j2").SubmitAsync(JobSamples.Spec(collection: "other"), Token);
        Assert.Equal(JobState.Queued, second.State);
        gate.SetResult();

        await rig.UntilAsync("j1", JobState.Completed);
        await rig.UntilAsync("j2", JobState.Completed);
    }

    [Fact]
    public async Task Tenant_TokenSeenBefore_LeadsToTheEarlierJob()
    {
        await using var rig = await GrainRig.StartAsync();

        Assert.Equal("j1", (await rig.Tenant().ReserveAsync(JobId.Parse("j1"), "token", Token)).Value);
        Assert.Equal("j1", (await rig.Tenant().ReserveAsync(JobId.Parse("j2"), "token", Token)).Value);
        Assert.Equal("j3", (await rig.Tenant().ReserveAsync(JobId.Parse("j3"), null, Token)).Value);
        await Assert.ThrowsAsync<InvalidRequestException>(() => rig.Tenant().ReserveAsync(JobId.Parse("j4"), "", Token));
        await Assert.ThrowsAsync<InvalidRequestException>(() => rig.Tenant().ReserveAsync(JobId.Parse("j4"), new string('x', 129), Token));
    }

    [Fact]
    public async Task Collection_OtherModelOrDimension_IsRefused()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Collection().BindAsync("hash@1", 8, cancellationToken: Token);

        Assert.Equal(ErrorCodes.DimensionMismatch, (await Assert.ThrowsAsync<ConflictException>(() => rig.Collection().BindAsync("hash@1", 9, cancellationToken: Token))).Code);
        Assert.Equal(ErrorCodes.ModelMismatch, (await Assert.ThrowsAsync<ConflictException>(() => rig.Collection().BindAsync("hash@2", 8, cancellationToken: Token))).Code);
        Assert.Equal("quiver_hash_8d", (await rig.Collection().GetBindingAsync(Token)).PhysicalCollection);
    }

    [Fact]
    public async Task Collection_WhoseModelCheckIsReset_TakesAnotherProbe()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Collection().BindAsync("hash@1", 8, cancellationToken: Token);

        var first = await rig.Collection().TakeProbeAsync("one", Token);
        var kept = await rig.Collection().TakeProbeAsync("two", Token);
        await rig.Collection().ResetModelCheckAsync(Token);
        var none = await rig.Collection().FindProbeAsync(Token);

        Assert.Equal(("one", "one", null), (first, kept, none));
        Assert.Equal("three", await rig.Collection().TakeProbeAsync("three", Token));
    }

    [Fact]
    public async Task Collection_Unknown_IsNotFound()
    {
        await using var rig = await GrainRig.StartAsync();

        Assert.Equal(ErrorCodes.UnknownCollection, (await Assert.ThrowsAsync<NotFoundException>(() => rig.Collection().GetInfoAsync(Token))).Code);
        await Assert.ThrowsAsync<NotFoundException>(() => rig.Collection().DeleteAsync(Token));
    }

    [Fact]
    public async Task Collection_InUse_IsNotDeleted()
    {
        await using var rig = await GrainRig.StartAsync();
        var gate = new TaskCompletionSource();
        rig.Factory.Sources["/data"] = new ScriptedSource(3) { Wait = (0, gate.Task) };
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await rig.UntilAsync("j1", JobState.Running);
        await rig.Collection().BindAsync(rig.Model.Info.Id, HashModel.Dimensions, cancellationToken: Token);

        Assert.Equal(ErrorCodes.CollectionInUse, (await Assert.ThrowsAsync<ConflictException>(() => rig.Collection().DeleteAsync(Token))).Code);
        gate.SetResult();
        await rig.UntilAsync("j1", JobState.Completed);
    }

    [Fact]
    public async Task Collection_WhosePointsWereLost_StoresItsDocumentsAgain()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await rig.UntilAsync("j1", JobState.Completed);
        var binding = await rig.Collection().GetBindingAsync(Token);
        var before = rig.Store.All(binding.PhysicalCollection, binding.Key).Select(point => point.Id).ToList();
        await rig.Store.DeleteAllAsync(binding.PointScope, Token);

        await rig.Job("j2").SubmitAsync(JobSamples.Spec(), Token);
        var second = await rig.UntilAsync("j2", JobState.Completed);
        await rig.Job("j3").SubmitAsync(JobSamples.Spec(), Token);
        var third = await rig.UntilAsync("j3", JobState.Completed);

        Assert.Equal((3, 0), (second.Counters.Stored, second.Counters.Unchanged));
        Assert.Equal((0, 3), (third.Counters.Stored, third.Counters.Unchanged));
        Assert.Equal(before, rig.Store.All(binding.PhysicalCollection, binding.Key).Select(point => point.Id));
    }

    [Fact]
    public async Task Collection_WhoseStateWasLost_GoesOnWithTheLedgersGeneration()
    {
        await using var rig = await GrainRig.StartAsync();
        var row = new DocumentRecord
        {
            Id = "old",
            Origin = "/data",
            ContentHash = new byte[32],
            ChunkCount = 0,
            Generation = 12,
            Epoch = 4,
            IndexedAt = JobSamples.Start,
        };
        await rig.Ledger.CommitAsync(CollectionKey.Parse("acme/docs"), [row], Token);

        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);

        Assert.Equal(13, (await rig.UntilAsync("j1", JobState.Completed)).Generation);
    }

    [Theory]
    [InlineData("after delete some")]
    [InlineData("after forget")]
    public async Task Collection_DeletionStoppedHalfWay_IsFinishedBeforeItIsUsedAgain(string step)
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await rig.UntilAsync("j1", JobState.Completed);
        rig.Faults.OnStep = now => now == step ? throw new IOException("The disk is full.") : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<Exception>(() => rig.Collection().DeleteAsync(Token));
        rig.Faults.OnStep = null;

        await Assert.ThrowsAsync<NotFoundException>(() => rig.Collection().GetBindingAsync(Token));
        await rig.Job("j2").SubmitAsync(JobSamples.Spec(), Token);
        var status = await rig.UntilAsync("j2", JobState.Completed);

        // Nothing of the earlier life passes for stored.
        Assert.Equal((3, 0), (status.Counters.Stored, status.Counters.Unchanged));
        Assert.Equal(2, status.Generation);
    }

    [Fact]
    public async Task Generation_TakenAgainByTheSameJob_IsTheSame_AndRisesForAnother()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Collection().CreateAsync(new(), Token);
        var (one, two) = (JobId.Parse("one"), JobId.Parse("two"));

        Assert.Equal(1, await rig.Collection().TakeGenerationAsync(one, Token));
        Assert.Equal(1, await rig.Collection().TakeGenerationAsync(one, Token));
        Assert.Equal(2, await rig.Collection().TakeGenerationAsync(two, Token));
        Assert.Equal(3, await rig.Collection().TakeGenerationAsync(one, Token));
    }
}
