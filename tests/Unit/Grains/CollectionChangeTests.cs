namespace Quiver.Tests.Unit.Grains;

/// <summary>Changes of storage that take longer than a call, lose their answer, or are refused.</summary>
public sealed class CollectionChangeTests
{
    private static readonly CollectionSettings Dedicated = new() { Dedicated = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_ThatTheStoreTakesLongFor_IsPending_KeepsNobodyWaiting_AndHoldsInTheEnd()
    {
        await using var rig = await GrainRig.StartAsync(collections: options => options.StepDuration = TimeSpan.FromMilliseconds(10));
        await rig.Collection().CreateAsync(Dedicated, Token);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Faults.OnStep = step => step == "before change" ? gate.Task : Task.CompletedTask;
        var changes = new CollectionSettings { Storage = new() { Replicas = 2 }, RetainFor = TimeSpan.FromHours(1) };

        var asked = await rig.Collection().ChangeAsync(changes, Token);
        await rig.Collection().TakeGenerationAsync(JobId.Parse("job"), Token);
        var more = await rig.Collection().ChangeAsync(new() { Storage = new() { WriteConsistency = 2 } }, Token);
        var listed = Assert.Single((await rig.Ledger.ListCollectionsAsync(TenantId.Parse("acme"), null, 10, Token)).Items);
        gate.SetResult();
        var wanted = changes with { Storage = new() { Replicas = 2, WriteConsistency = 2 } };
        var info = await UntilSettledAsync(rig);

        Assert.Equal((changes, Dedicated), (asked.Pending, asked.Settings));
        Assert.Equal((wanted, wanted), (more.Pending, listed.Pending));
        Assert.Equal(wanted with { Dedicated = true }, info.Settings);
        Assert.Equal([changes.Storage, wanted.Storage], rig.Store.Changes.Select(change => change.Changes));
    }

    [Fact]
    public async Task Change_ThatTheStoreRefuses_ChangesNothing_AndSaysSo()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Collection().CreateAsync(Dedicated, Token);
        rig.Faults.OnStep = static step => step == "before change" ? throw new PermanentException(ErrorCodes.Internal, "Qdrant answered change with 400.") : Task.CompletedTask;

        await Assert.ThrowsAsync<PermanentException>(() => rig.Collection().ChangeAsync(new() { Storage = new() { Replicas = 2 }, RetainFor = TimeSpan.FromDays(1) }, Token));
        var refused = await rig.Collection().GetInfoAsync(Token);
        rig.Faults.OnStep = null;
        await rig.Collection().ChangeAsync(new() { RetainFor = TimeSpan.FromDays(2) }, Token);
        var changed = await rig.Collection().GetInfoAsync(Token);

        Assert.Equal((Dedicated, null, "Qdrant answered change with 400."), (refused.Settings, refused.Pending, refused.PendingFault));
        Assert.Equal((Dedicated with { RetainFor = TimeSpan.FromDays(2) }, null, null), (changed.Settings, changed.Pending, changed.PendingFault));
    }

    private static async Task<CollectionInfo> UntilSettledAsync(GrainRig rig)
    {
        CollectionInfo info;
        do
        {
            info = await rig.Collection().GetInfoAsync(Token);
        }
        while (info.Pending is not null);
        return info;
    }
}
