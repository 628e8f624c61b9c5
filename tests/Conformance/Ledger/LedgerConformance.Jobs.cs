using System.Text.Json;

namespace Quiver.Tests.Conformance.Ledger;

public abstract partial class LedgerConformance
{
    [Fact]
    public async Task Job_SavedWithEveryMember_IsReadBackEqual()
    {
        var full = Job("full") with
        {
            Spec = new()
            {
                Tenant = Acme,
                Collection = CollectionName.Parse("docs"),
                Source = new()
                {
                    Kind = "files",
                    Paths = ["/a", "/b"],
                    Name = "näme",
                    Format = DocumentFormat.JsonLines,
                    IdField = "id",
                    TextField = "body",
                    Include = ["**/*.md"],
                    Exclude = ["x"],
                    HonourGitIgnore = false,
                    MaxDocumentBytes = 5,
                },
                Sync = SyncMode.Mirror,
                Chunking = new() { MaxTokens = 64, OverlapTokens = 8 },
                MaxInFlight = 3,
                MaxFailureRatio = 0.25,
                DryRun = true,
                IdempotencyToken = "token",
                TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            },
            State = JobState.Failed,
            Counters = new() { Documents = 10, Failed = 2, Tokens = long.MaxValue },
            LastCommittedIndex = 9,
            ExpectedDocuments = 11,
            Epoch = 4,
            Generation = 5,
            StartedAt = Noon.AddSeconds(1.5),
            FinishedAt = Noon.AddSeconds(2),
            Elapsed = TimeSpan.FromTicks(12_345_678),
            ErrorCode = "too_many_failures",
            ErrorMessage = "Sentence.",
            LastEventSequence = 12,
            StalledBecause = "because",
        };

        await Ledger.SaveJobAsync(full, Cancel);
        await ReopenAsync();
        var found = await Ledger.FindJobAsync(Key("full"), Cancel);

        Assert.Equal(JsonSerializer.Serialize(full), JsonSerializer.Serialize(found));
    }

    [Fact]
    public async Task Job_SavedAsActive_IsReadBackInactive()
    {
        await Ledger.SaveJobAsync(Job("one") with { Active = true }, Cancel);

        Assert.False((await Ledger.FindJobAsync(Key("one"), Cancel))!.Active);
    }

    [Fact]
    public async Task Job_SavedAgain_ReplacesTheOneBefore()
    {
        await Ledger.SaveJobAsync(Job("one"), Cancel);
        await Ledger.SaveJobAsync(Job("one", state: JobState.Completed), Cancel);

        var page = await Ledger.ListJobsAsync(Acme, new(), Cancel);
        Assert.Equal(JobState.Completed, Assert.Single(page.Items).State);
        Assert.Empty((await Ledger.ListJobsAsync(Acme, new() { State = JobState.Queued }, Cancel)).Items);
    }

    [Fact]
    public async Task Job_SavedByWhoeverWasHeldUp_StaysAsItIs()
    {
        var ended = Job("one", state: JobState.Completed) with { LastEventSequence = 9 };
        await Ledger.SaveJobAsync(ended, Cancel);

        await Ledger.SaveJobAsync(Job("one", state: JobState.Running) with { LastEventSequence = 8 }, Cancel);
        Assert.Equal(JobState.Completed, (await Ledger.FindJobAsync(Key("one"), Cancel))!.State);

        await Ledger.SaveJobAsync(ended with { State = JobState.Failed }, Cancel);
        Assert.Equal(JobState.Failed, (await Ledger.FindJobAsync(Key("one"), Cancel))!.State);
    }

    [Fact]
    public async Task Job_SubmittedAgainUnderItsId_ReplacesTheOldOneWhateverItsEvents()
    {
        await Ledger.SaveJobAsync(Job("one", state: JobState.Failed) with { LastEventSequence = 9 }, Cancel);

        await Ledger.SaveJobAsync(Job("one", minute: 5) with { LastEventSequence = 1 }, Cancel);

        Assert.Equal(JobState.Queued, (await Ledger.FindJobAsync(Key("one"), Cancel))!.State);
    }

    [Fact]
    public async Task Job_OfAnotherTenant_IsNotSeen()
    {
        await Ledger.SaveJobAsync(Job("one", Other), Cancel);

        Assert.Null(await Ledger.FindJobAsync(Key("one"), Cancel));
        Assert.Empty((await Ledger.ListJobsAsync(Acme, new(), Cancel)).Items);
    }

    [Fact]
    public async Task Job_WithTheSameIdInTwoTenants_AreTwo()
    {
        await Ledger.SaveJobAsync(Job("one", state: JobState.Paused), Cancel);
        await Ledger.SaveJobAsync(Job("one", Other, JobState.Cancelled), Cancel);

        Assert.Equal(JobState.Paused, (await Ledger.FindJobAsync(Key("one"), Cancel))!.State);
        Assert.Equal(JobState.Cancelled, (await Ledger.FindJobAsync(Key("one", Other), Cancel))!.State);
    }

    [Fact]
    public async Task ListJobs_WithFilters_GivesOnlyMatchingOnesNewestFirst()
    {
        await Ledger.SaveJobAsync(Job("a", minute: 1, state: JobState.Running), Cancel);
        await Ledger.SaveJobAsync(Job("b", minute: 3, state: JobState.Running, collection: "code"), Cancel);
        await Ledger.SaveJobAsync(Job("c", minute: 2, state: JobState.Running), Cancel);
        await Ledger.SaveJobAsync(Job("d", minute: 4), Cancel);

        async Task<string> List(JobListRequest request) =>
            string.Concat((await Ledger.ListJobsAsync(Acme, request, Cancel)).Items.Select(job => job.Id.Value));

        Assert.Equal("dbca", await List(new()));
        Assert.Equal("bca", await List(new() { State = JobState.Running }));
        Assert.Equal("dca", await List(new() { Collection = CollectionName.Parse("docs") }));
        Assert.Equal("ca", await List(new() { State = JobState.Running, Collection = CollectionName.Parse("docs") }));
    }

    [Fact]
    public async Task ListJobs_PageByPage_GivesEveryJobOnceInOrder()
    {
        const int Seed = 20260102;
        var random = new Random(Seed);
        var jobs = Enumerable.Range(0, 60).Select(i => Job($"job{i:d2}", minute: random.Next(8), state: (JobState)random.Next(1, 4))).ToList();
        foreach (var job in jobs)
        {
            await Ledger.SaveJobAsync(job, Cancel);
            await Ledger.SaveJobAsync(job with { Spec = job.Spec with { Tenant = Other } }, Cancel);
        }

        foreach (JobState? state in new JobState?[] { null, JobState.Running })
        {
            var limit = random.Next(1, 9);
            var listed = new List<string>();
            string? after = null;
            do
            {
                var page = await Ledger.ListJobsAsync(Acme, new() { State = state, Limit = limit, After = after }, Cancel);
                Assert.InRange(page.Items.Length, 1, limit);
                listed.AddRange(page.Items.Select(job => job.Id.Value));
                after = page.Next;
            }
            while (after is not null);

            var expected = jobs.Where(job => state is null || job.State == state)
                .OrderByDescending(job => job.CreatedAt).ThenByDescending(job => job.Id.Value, StringComparer.Ordinal).Select(job => job.Id.Value);
            Assert.True(expected.SequenceEqual(listed), $"seed {Seed}, limit {limit}: {string.Join(' ', listed)}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("MTIz")]
    public async Task ListJobs_WithABadToken_IsRefused(string token)
    {
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => Ledger.ListJobsAsync(Acme, new() { After = token }, Cancel));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task ListJobs_WithALimitOutOfRange_IsRefused(int limit) =>
        await Assert.ThrowsAsync<InvalidRequestException>(() => Ledger.ListJobsAsync(Acme, new() { Limit = limit }, Cancel));

    [Fact]
    public async Task ListUnfinishedJobs_OfAllTenants_GivesQueuedAndRunningOldestFirst()
    {
        var states = Enum.GetValues<JobState>();
        for (var i = 0; i < states.Length; i++)
        {
            await Ledger.SaveJobAsync(Job($"s{i}", minute: -i, state: states[i]), Cancel);
        }

        await Ledger.SaveJobAsync(Job("x", Other, JobState.Running, minute: -99), Cancel);
        await Ledger.SaveJobAsync(Job("tie", Other, JobState.Queued), Cancel);

        Assert.Equal(
            [Key("x", Other), Key("s1"), Key("s0"), Key("tie", Other)],
            await Ledger.ListUnfinishedJobsAsync(null, 1000, Cancel));
    }

    [Fact]
    public async Task ListUnfinishedJobs_WhosePageEndedWithAJobThatFinishedSince_GoesOnBehindIt()
    {
        for (var i = 0; i < 10; i++)
        {
            await Ledger.SaveJobAsync(Job($"j{i}", minute: i / 3, state: JobState.Running), Cancel);
        }

        var seen = new List<JobKey>();
        while (await Ledger.ListUnfinishedJobsAsync(seen.Count == 0 ? null : seen[^1], 3, Cancel) is { Count: > 0 } page)
        {
            seen.AddRange(page);
            await Ledger.SaveJobAsync(Job(page[^1].Job.Value, minute: (seen.Count - 1) / 3, state: JobState.Completed), Cancel);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => Key($"j{i}")), seen);
    }
}
