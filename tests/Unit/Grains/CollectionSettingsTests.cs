using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>Collections that are created and changed with settings, dedicated ones, retention.</summary>
public sealed class CollectionSettingsTests
{
    private static readonly CollectionSettings Dedicated = new() { Dedicated = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_Dedicated_GoesItsOwnWayFromCreationToDeletion()
    {
        await using var rig = await GrainRig.StartAsync();

        var created = await rig.Collection().CreateAsync(Dedicated, Token);
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await rig.UntilAsync("j1", JobState.Completed);
        await rig.Job("j2").SubmitAsync(JobSamples.Spec(collection: "shared"), Token);
        await rig.UntilAsync("j2", JobState.Completed);
        var binding = await rig.Collection().GetBindingAsync(Token);
        var stored = rig.Store.All(binding.PhysicalCollection, binding.Key).Count;
        var collections = rig.Store.Collections.Order().ToList();
        Assert.True(await rig.Collection().DeleteAsync(Token));

        Assert.StartsWith("quiver_acme_docs_", created.PhysicalCollection, StringComparison.Ordinal);
        Assert.Equal((created.PhysicalCollection, Dedicated), (binding.PhysicalCollection, created.Settings));
        Assert.Equal(3, stored);
        Assert.Equal([binding.PhysicalCollection, "quiver_hash_8d"], collections);
        Assert.Equal(["quiver_hash_8d"], rig.Store.Collections);
    }

    [Fact]
    public async Task Create_MoreDedicatedThanAllowed_IsRefusedUntilOneIsDeleted()
    {
        await using var rig = await GrainRig.StartAsync(collections: options => options.MaxDedicatedPerTenant = 2);
        await rig.Collection("a").CreateAsync(Dedicated, Token);
        await rig.Collection("b").CreateAsync(Dedicated, Token);

        var error = await Assert.ThrowsAsync<ConflictException>(() => rig.Collection("c").CreateAsync(Dedicated, Token));
        await rig.Collection("a").CreateAsync(Dedicated, Token);
        await rig.Collection("a").DeleteAsync(Token);
        await rig.Collection("c").CreateAsync(Dedicated, Token);

        Assert.Equal(ErrorCodes.TooManyDedicated, error.Code);
        Assert.Contains("MaxDedicatedPerTenant", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ThatTheStoreRefuses_TakesNoPlace()
    {
        await using var rig = await GrainRig.StartAsync(collections: options => options.MaxDedicatedPerTenant = 1);
        rig.Faults.OnStep = static step => step == "before ensure"
            ? throw new InvalidRequestException(ErrorCodes.NotSupported, "The store cannot do this.")
            : Task.CompletedTask;

        await Assert.ThrowsAsync<InvalidRequestException>(() => rig.Collection("a").CreateAsync(Dedicated, Token));
        rig.Faults.OnStep = null;

        await Assert.ThrowsAsync<NotFoundException>(() => rig.Collection("a").GetInfoAsync(Token));
        await rig.Collection("b").CreateAsync(Dedicated, Token);
    }

    [Fact]
    public async Task Create_OfWhatExists_AcceptsTheSameAndNamesTheDifference()
    {
        await using var rig = await GrainRig.StartAsync();
        var settings = new CollectionSettings { Model = "hash", RetainFor = TimeSpan.FromDays(1) };
        var first = await rig.Collection().CreateAsync(settings, Token);

        var second = await rig.Collection().CreateAsync(settings, Token);
        await rig.Collection().CreateAsync(new(), Token);
        var retained = await Assert.ThrowsAsync<ConflictException>(() => rig.Collection().CreateAsync(settings with { RetainFor = TimeSpan.FromDays(2) }, Token));
        var dedicated = await Assert.ThrowsAsync<ConflictException>(() => rig.Collection().CreateAsync(Dedicated, Token));

        Assert.Equal(first, second);
        Assert.Equal((ErrorCodes.SettingsConflict, ErrorCodes.SettingsConflict), (retained.Code, dedicated.Code));
        Assert.Contains("retainFor is 1.00:00:00, not 2.00:00:00", retained.Message, StringComparison.Ordinal);
        Assert.Contains("it shares a physical collection with others", dedicated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmbedContext_OfACollection_HoldsForAllItsJobsUntilItIsChanged()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Job("j1").SubmitAsync(JobSamples.Spec() with { Chunking = new() { EmbedContext = false } }, Token);
        await rig.UntilAsync("j1", JobState.Completed);
        var without = await rig.Collection().GetInfoAsync(Token);

        var refused = await Assert.ThrowsAsync<ConflictException>(
            () => rig.Job("j2").SubmitAsync(JobSamples.Spec() with { Chunking = new() { EmbedContext = true } }, Token));
        await rig.Job("j3").SubmitAsync(JobSamples.Spec(), Token);
        var unchanged = await rig.UntilAsync("j3", JobState.Completed);
        var with = await rig.Collection().ChangeAsync(new() { EmbedContext = true }, Token);
        await rig.Job("j4").SubmitAsync(JobSamples.Spec(), Token);
        var stored = await rig.UntilAsync("j4", JobState.Completed);

        Assert.Equal((false, true), (without.EmbedContext, with.EmbedContext));
        Assert.Equal(ErrorCodes.SettingsConflict, refused.Code);
        Assert.Contains("quiver collections set docs --embed-context true", refused.Message, StringComparison.Ordinal);
        Assert.Equal((3, 0), (unchanged.Counters.Unchanged, unchanged.Counters.Stored));
        Assert.Equal((0, 3), (stored.Counters.Unchanged, stored.Counters.Stored));
    }

    [Fact]
    public async Task EmbedContext_OfANewCollection_IsOnAndCannotDifferFromAnExistingOne()
    {
        await using var rig = await GrainRig.StartAsync();

        var created = await rig.Collection().CreateAsync(new(), Token);
        await rig.Collection().CreateAsync(new() { EmbedContext = true }, Token);
        var refused = await Assert.ThrowsAsync<ConflictException>(() => rig.Collection().CreateAsync(new() { EmbedContext = false }, Token));

        Assert.True(created.EmbedContext);
        Assert.Contains("it embeds title and headings with each chunk", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithAnotherModel_IsRefused()
    {
        await using var rig = await GrainRig.StartAsync();

        Assert.Equal(ErrorCodes.ModelMismatch, (await Assert.ThrowsAsync<ConflictException>(() => rig.Collection().CreateAsync(new() { Model = "other" }, Token))).Code);
        await rig.Collection().CreateAsync(new() { Model = rig.Model.Info.Id }, Token);
    }

    public static TheoryData<string, CollectionSettings> Invalid => new()
    {
        { "retainFor", new() { RetainFor = TimeSpan.FromSeconds(1) } },
        { "storage.shards is 1 to 1000, not 0", new() { Storage = new() { Shards = 0 } } },
        { "storage.hnsw.m", new() { Storage = new() { Hnsw = new() { M = -1 } } } },
        { "storage.writeConsistency is at most storage.replicas", new() { Storage = new() { Replicas = 1, WriteConsistency = 2 } } },
        { "storage.quantization.quantile applies to the kind Scalar only", new() { Storage = new() { Quantization = new() { Kind = QuantizationKind.Binary, Quantile = 0.9 } } } },
        { "storage.quantization.compression", new() { Storage = new() { Quantization = new() { Kind = QuantizationKind.Product, Compression = 5 } } } },
        { "storage.distance", new() { Storage = new() { Distance = (VectorDistance)9 } } },
        { "storage.optimizers.deletedThreshold is 0 to 1, not NaN", new() { Storage = new() { Optimizers = new() { DeletedThreshold = double.NaN } } } },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task Create_OutOfRange_IsRefusedByName(string sentence, CollectionSettings settings)
    {
        await using var rig = await GrainRig.StartAsync();

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => rig.Collection().CreateAsync(settings, Token));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_OfADedicatedCollection_ReachesTheStoreAndStays()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Collection().CreateAsync(Dedicated with { Storage = new() { Hnsw = new() { M = 8 } } }, Token);

        await rig.Collection().ChangeAsync(new() { Storage = new() { Hnsw = new() { PayloadM = 16 }, Replicas = 2 }, RetainFor = TimeSpan.FromHours(1) }, Token);
        var info = await rig.Collection().GetInfoAsync(Token);

        Assert.Equal(new StorageSettings { Hnsw = new() { PayloadM = 16 }, Replicas = 2 }, Assert.Single(rig.Store.Changes).Changes);
        Assert.Equal(
            new CollectionSettings { Dedicated = true, RetainFor = TimeSpan.FromHours(1), Storage = new() { Replicas = 2, Hnsw = new() { M = 8, PayloadM = 16 } } },
            info.Settings);
    }

    [Fact]
    public async Task Change_OfWhatIsSettledOrShared_IsRefused()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Collection().CreateAsync(new(), Token);

        foreach (var changes in (CollectionSettings[])[new() { Model = "other" }, Dedicated, new() { Storage = new() { Replicas = 2 } }])
        {
            Assert.Equal(ErrorCodes.SettingsConflict, (await Assert.ThrowsAsync<ConflictException>(() => rig.Collection().ChangeAsync(changes, Token))).Code);
        }

        await Assert.ThrowsAsync<NotFoundException>(() => rig.Collection("never").ChangeAsync(new() { RetainFor = TimeSpan.FromDays(1) }, Token));
        Assert.Empty(rig.Store.Changes);
    }

    [Fact]
    public async Task Create_OfASharedCollectionWithAnotherDistance_IsRefused()
    {
        await using var rig = await GrainRig.StartAsync();

        var error = await Assert.ThrowsAsync<ConflictException>(() => rig.Collection().CreateAsync(new() { Storage = new() { Distance = VectorDistance.Dot } }, Token));

        Assert.Equal(ErrorCodes.SettingsConflict, error.Code);
    }

    [Fact]
    public async Task Deletion_ThatTakesLong_GoesInStepsThatOthersComeBetween()
    {
        await using var rig = await GrainRig.StartAsync(collections: options => options.StepDuration = TimeSpan.FromTicks(1));
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await rig.UntilAsync("j1", JobState.Completed);

        Assert.False(await rig.Collection().DeleteAsync(Token));
        await Assert.ThrowsAsync<NotFoundException>(() => rig.Collection().GetBindingAsync(Token));

        // Without further calls it ends anyway.
        await Patience.UntilAsync(
            () => rig.Ledger.ListCollectionsAsync(TenantId.Parse("acme"), null, 10, Token).GetAwaiter().GetResult().Items.IsEmpty, "the collection is gone");
        await Assert.ThrowsAsync<NotFoundException>(() => rig.Collection().DeleteAsync(Token));
        await rig.Job("j2").SubmitAsync(JobSamples.Spec(), Token);
        Assert.Equal(3, (await rig.UntilAsync("j2", JobState.Completed)).Counters.Stored);
    }
}
