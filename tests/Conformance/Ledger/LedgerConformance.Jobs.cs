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
            await Ledger.ListJobsToWakeAsync(null, 1000, Cancel));
    }

    [Fact]
    public async Task ListUnfinishedJobs_WhosePageEndedWithAJobThatFinishedSince_GoesOnBehindIt()
    {
        for (var i = 0; i < 10; i++)
        {
            await Ledger.SaveJobAsync(Job($"j{i}", minute: i / 3, state: JobState.Running), Cancel);
        }

        var seen = new List<JobKey>();
        while (await Ledger.ListJobsToWakeAsync(seen.Count == 0 ? null : seen[^1], 3, Cancel) is { Count: > 0 } page)
        {
            seen.AddRange(page);
            await Ledger.SaveJobAsync(Job(page[^1].Job.Value, minute: (seen.Count - 1) / 3, state: JobState.Completed), Cancel);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => Key($"j{i}")), seen);
    }

    private static IReadOnlyList<JobEvent> Events(int first, int count, string message = "m") =>
        [.. Enumerable.Range(first, count).Select(i => new JobEvent
        {
            Sequence = i,
            Kind = JobEventKind.BatchCommitted,
            At = Noon.AddSeconds(i),
            State = JobState.Running,
            Counters = new() { Documents = i },
            LastCommittedIndex = i - 1,
            Code = "code",
            Message = message,
            ExpectedDocuments = 99,
        })];

    [Fact]
    public async Task Events_Appended_AreReadBackEqualAfterTheGivenOne()
    {
        await Ledger.AppendEventsAsync(Key("one"), Events(1, 10), Cancel);
        await ReopenAsync();

        Assert.Equal(Events(1, 10), await Ledger.ReadEventsAsync(Key("one"), 0, 1000, Cancel));
        Assert.Equal(Events(5, 3), await Ledger.ReadEventsAsync(Key("one"), 4, 3, Cancel));
        Assert.Empty(await Ledger.ReadEventsAsync(Key("one"), 10, 1000, Cancel));
    }

    [Fact]
    public async Task Events_WithASequenceThatIsThere_StayAsTheyWere()
    {
        await Ledger.AppendEventsAsync(Key("one"), Events(1, 3, "first"), Cancel);
        await Ledger.AppendEventsAsync(Key("one"), Events(2, 3, "second"), Cancel);

        Assert.Equal(["first", "first", "first", "second"], (await Ledger.ReadEventsAsync(Key("one"), 0, 10, Cancel)).Select(item => item.Message!));
    }

    [Fact]
    public async Task Events_BeyondTheCap_DropTheOldestOfThisJobOnly()
    {
        await Ledger.AppendEventsAsync(Key("two"), Events(1, 5), Cancel);
        await Ledger.AppendEventsAsync(Key("one"), Events(1, MaxEvents), Cancel);
        await Ledger.AppendEventsAsync(Key("one"), Events(MaxEvents + 1, 7), Cancel);

        Assert.Equal(Events(8, MaxEvents), await Ledger.ReadEventsAsync(Key("one"), 0, 1000, Cancel));
        Assert.Equal(5, (await Ledger.ReadEventsAsync(Key("two"), 0, 1000, Cancel)).Count);
    }

    [Fact]
    public async Task Events_DroppedAndAppendedAgain_StayDropped()
    {
        await Ledger.AppendEventsAsync(Key("one"), Events(1, MaxEvents + 10), Cancel);
        await Ledger.AppendEventsAsync(Key("one"), Events(1, 3), Cancel);

        Assert.Equal(Events(11, MaxEvents), await Ledger.ReadEventsAsync(Key("one"), 0, 1000, Cancel));
    }

    [Fact]
    public async Task Events_OfAnotherTenantsJob_AreNotSeen()
    {
        await Ledger.AppendEventsAsync(Key("one", Other), Events(1, 3), Cancel);

        Assert.Empty(await Ledger.ReadEventsAsync(Key("one"), 0, 10, Cancel));
    }

    [Fact]
    public async Task Events_MoreThanABatchHolds_AreRefused() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Ledger.AppendEventsAsync(Key("one"), Events(1, 1001), Cancel));

    private static FailedDocument Failure(long ordinal, string reason = "Because.") =>
        new() { Ordinal = ordinal, DocumentId = $"doc {ordinal} é\0🙂", Code = ErrorCodes.MissingText, Reason = reason, At = Noon.AddTicks(ordinal) };

    [Fact]
    public async Task Failures_Saved_AreListedByOrdinalPageByPage()
    {
        await Ledger.SaveFailuresAsync(Key("one"), [Failure(9), Failure(0), Failure(4)], Cancel);
        await Ledger.SaveFailuresAsync(Key("one"), [Failure(2)], Cancel);
        await ReopenAsync();

        var first = await Ledger.ListFailuresAsync(Key("one"), null, 3, Cancel);
        Assert.Equal([Failure(0), Failure(2), Failure(4)], first.Items);
        var second = await Ledger.ListFailuresAsync(Key("one"), first.Next, 3, Cancel);
        Assert.Equal([Failure(9)], second.Items);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Failure_WithAnyText_ComesBackExactly()
    {
        var failure = Failure(1, "A reason with \0, \u0001 and \u0001\u0002 in it.");

        await Ledger.SaveFailuresAsync(Key("one"), [failure], Cancel);
        await Ledger.AppendEventsAsync(Key("one"), Events(1, 1, failure.Reason), Cancel);

        Assert.Equal(failure, Assert.Single((await Ledger.ListFailuresAsync(Key("one"), null, 10, Cancel)).Items));
        Assert.Equal(failure.Reason, Assert.Single(await Ledger.ReadEventsAsync(Key("one"), 0, 10, Cancel)).Message);
    }

    [Fact]
    public async Task Failures_WithTheSameOrdinal_Replace()
    {
        await Ledger.SaveFailuresAsync(Key("one"), [Failure(1, "old")], Cancel);
        await Ledger.SaveFailuresAsync(Key("one"), [Failure(1, "new")], Cancel);

        Assert.Equal("new", Assert.Single((await Ledger.ListFailuresAsync(Key("one"), null, 10, Cancel)).Items).Reason);
    }

    [Fact]
    public async Task Failures_BeyondTheCap_AreNotKeptButKnownOnesAreStillReplaced()
    {
        await Ledger.SaveFailuresAsync(Key("one"), [.. Enumerable.Range(0, MaxFailures).Select(i => Failure(i))], Cancel);
        await Ledger.SaveFailuresAsync(Key("one"), [Failure(0, "again"), Failure(MaxFailures)], Cancel);
        await Ledger.SaveFailuresAsync(Key("two"), [Failure(0)], Cancel);

        var kept = (await Ledger.ListFailuresAsync(Key("one"), null, 1000, Cancel)).Items;
        Assert.Equal(Enumerable.Range(0, MaxFailures).Select(i => (long)i), kept.Select(item => item.Ordinal));
        Assert.Equal("again", kept[0].Reason);
        Assert.Single((await Ledger.ListFailuresAsync(Key("two"), null, 1000, Cancel)).Items);
    }

    [Fact]
    public async Task Failures_FromAnOrdinalOn_AreForgottenAndLeaveTheirRoom()
    {
        await Ledger.SaveFailuresAsync(Key("one"), [.. Enumerable.Range(0, MaxFailures).Select(i => Failure(i))], Cancel);
        await Ledger.SaveFailuresAsync(Key("two"), [Failure(2)], Cancel);

        await Ledger.DeleteFailuresAsync(Key("one"), 2, Cancel);
        await Ledger.DeleteFailuresAsync(Key("none"), 0, Cancel);
        Assert.Equal([0, 1], (await Ledger.ListFailuresAsync(Key("one"), null, 1000, Cancel)).Items.Select(item => item.Ordinal));
        await Ledger.SaveFailuresAsync(Key("one"), [.. Enumerable.Range(2, MaxFailures).Select(i => Failure(i))], Cancel);

        Assert.Equal(MaxFailures, (await Ledger.ListFailuresAsync(Key("one"), null, 1000, Cancel)).Items.Length);
        Assert.Single((await Ledger.ListFailuresAsync(Key("two"), null, 1000, Cancel)).Items);
    }

    [Fact]
    public async Task Failures_OfAnotherTenantsJob_AreNotSeen()
    {
        await Ledger.SaveFailuresAsync(Key("one", Other), [Failure(1)], Cancel);

        Assert.Empty((await Ledger.ListFailuresAsync(Key("one"), null, 10, Cancel)).Items);
    }

    [Fact]
    public async Task ListFailures_WithABadToken_IsRefused() =>
        await Assert.ThrowsAsync<InvalidRequestException>(() => Ledger.ListFailuresAsync(Key("one"), "x'y", 10, Cancel));

    [Fact]
    public async Task Jobs_BeyondThoseToKeep_AreExpiredOldestFirst()
    {
        for (var minute = 0; minute < 5; minute++)
        {
            await Ledger.SaveJobAsync(Ended($"j{minute}", minute), Cancel);
            await Ledger.SaveJobAsync(Job($"r{minute}", state: JobState.Paused, minute: minute), Cancel);
        }

        await Ledger.SaveJobAsync(Ended("one", 0, Other), Cancel);

        Assert.Equal([Key("j0"), Key("j1")], await Ledger.ListExpiredJobsAsync(3, Noon, 1000, Cancel));
        Assert.Equal([Key("j0")], await Ledger.ListExpiredJobsAsync(3, Noon, 1, Cancel));
        Assert.Empty(await Ledger.ListExpiredJobsAsync(5, Noon, 1000, Cancel));
    }

    [Fact]
    public async Task Jobs_EndedTooLongAgo_AreExpiredWheneverTheyBegan()
    {
        await Ledger.SaveJobAsync(Ended("short", 1), Cancel);
        await Ledger.SaveJobAsync(Ended("long", 0) with { FinishedAt = Noon.AddDays(2) }, Cancel);
        await Ledger.SaveJobAsync(Job("open"), Cancel);

        Assert.Equal([Key("short")], await Ledger.ListExpiredJobsAsync(100, Noon.AddDays(1), 1000, Cancel));
    }

    [Fact]
    public async Task Job_Deleted_LeavesNothingAndTouchesNoOther()
    {
        foreach (var key in new[] { Key("one"), Key("two"), Key("one", Other) })
        {
            await Ledger.SaveJobAsync(Ended(key.Job.Value, 0, key.Tenant), Cancel);
            await Ledger.AppendEventsAsync(key, Events(1, 2), Cancel);
            await Ledger.SaveFailuresAsync(key, [Failure(1), Failure(7)], Cancel);
        }

        await Ledger.DeleteJobAsync(Key("one"), Cancel);
        await Ledger.DeleteJobAsync(Key("one"), Cancel);

        Assert.Null(await Ledger.FindJobAsync(Key("one"), Cancel));
        Assert.Empty(await Ledger.ReadEventsAsync(Key("one"), 0, 1000, Cancel));
        Assert.Empty((await Ledger.ListFailuresAsync(Key("one"), null, 1000, Cancel)).Items);
        foreach (var key in new[] { Key("two"), Key("one", Other) })
        {
            Assert.NotNull(await Ledger.FindJobAsync(key, Cancel));
            Assert.Equal(2, (await Ledger.ReadEventsAsync(key, 0, 1000, Cancel)).Count);
            Assert.Equal(2, (await Ledger.ListFailuresAsync(key, null, 1000, Cancel)).Items.Length);
        }
    }

    private static JobStatus Ended(string id, int minute, TenantId? tenant = null) =>
        Job(id, tenant, JobState.Completed, minute: minute) with { FinishedAt = Noon.AddMinutes(minute + 1) };

    private static CollectionInfo Info(string name, string model = "m@1") => new()
    {
        Name = CollectionName.Parse(name),
        PhysicalCollection = "quiver_m_512d",
        Model = model,
        Dimensions = 512,
        Generation = 3,
        CreatedAt = Noon,
    };

    [Fact]
    public async Task Collections_Saved_AreListedByNameWithoutCounts()
    {
        foreach (var name in new[] { "b", "a", "B", "a-1", "a.1" })
        {
            await Ledger.SaveCollectionAsync(Acme, Info(name) with { Documents = 5, Points = 6 }, Cancel);
        }

        await ReopenAsync();
        var listed = new List<CollectionInfo>();
        string? after = null;
        do
        {
            var page = await Ledger.ListCollectionsAsync(Acme, after, 2, Cancel);
            listed.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal([Info("B"), Info("a"), Info("a-1"), Info("a.1"), Info("b")], listed);
    }

    [Fact]
    public async Task Collections_SavedAgain_AreReplaced()
    {
        await Ledger.SaveCollectionAsync(Acme, Info("a"), Cancel);
        await Ledger.SaveCollectionAsync(Acme, Info("a", "m@2"), Cancel);

        Assert.Equal(Info("a", "m@2"), Assert.Single((await Ledger.ListCollectionsAsync(Acme, null, 10, Cancel)).Items));
    }

    [Fact]
    public async Task Collections_Deleted_AreGoneFromThisTenantOnly()
    {
        await Ledger.SaveCollectionAsync(Acme, Info("a"), Cancel);
        await Ledger.SaveCollectionAsync(Other, Info("a"), Cancel);

        await Ledger.DeleteCollectionAsync(new(Acme, CollectionName.Parse("a")), Cancel);
        await Ledger.DeleteCollectionAsync(new(Acme, CollectionName.Parse("never")), Cancel);

        Assert.Empty((await Ledger.ListCollectionsAsync(Acme, null, 10, Cancel)).Items);
        Assert.Single((await Ledger.ListCollectionsAsync(Other, null, 10, Cancel)).Items);
    }
}
