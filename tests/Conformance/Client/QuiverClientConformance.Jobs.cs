using Quiver.Client.Requests;

namespace Quiver.Tests.Conformance.Client;

public abstract partial class QuiverClientConformance
{
    [Fact]
    public async Task Submit_OfReadableDocuments_EndsCompleted()
    {
        var job = await IngestAsync(Records(5));

        var report = await _client.GetReportAsync(job.Id, Token);
        Assert.Equal((JobState.Completed, 5L, 0L), (job.State, job.Counters.Stored, job.Counters.Failed));
        Assert.Equal(_client.Tenant, job.Spec.Tenant);
        Assert.Equal(job.Counters, report.Status.Counters);
        Assert.Empty(report.FailuresByCode);
    }

    [Fact]
    public async Task Submit_WithATokenSeenBefore_ReturnsTheFirstJob()
    {
        var spec = Spec(Records(1)) with { IdempotencyToken = "again" };

        var first = await _client.SubmitAsync(spec, Token);
        var second = await _client.SubmitAsync(spec, Token);
        var other = await _client.SubmitAsync(spec with { IdempotencyToken = "new" }, Token);

        Assert.Equal(first.Id, second.Id);
        Assert.NotEqual(first.Id, other.Id);
    }

    [Fact]
    public async Task Submit_OfAnotherJobWithATokenSeenBefore_IsRefused()
    {
        var spec = Spec(Records(1)) with { IdempotencyToken = "again" };
        await _client.SubmitAsync(spec, Token);

        await AssertFailsAsync<InvalidRequestException>(
            ErrorCodes.IdempotencyTokenReused, () => _client.SubmitAsync(spec with { Sync = SyncMode.Mirror }, Token));

        Assert.Single((await _client.ListJobsAsync(new(), Token)).Items);
    }

    [Fact]
    public async Task Submit_OfWhatCannotBe_IsRefusedAndLeavesNothing()
    {
        var spec = Spec([]);

        await AssertFailsAsync<InvalidRequestException>(
            RequestErrorCodes.InvalidTenant, () => _client.SubmitAsync(spec with { Tenant = TenantId.Parse("other") }, Token));
        await AssertFailsAsync<InvalidRequestException>(
            ErrorCodes.PathNotFound, () => _client.SubmitAsync(spec with { Source = spec.Source with { Paths = ["/there/is/no/such/path"] } }, Token));
        await AssertFailsAsync<InvalidRequestException>(ErrorCodes.InvalidOption, () => _client.SubmitAsync(spec with { MaxInFlight = 0 }, Token));
        await AssertFailsAsync<InvalidRequestException>(
            ErrorCodes.InvalidOption, () => _client.SubmitAsync(spec with { IdempotencyToken = new string('t', 129) }, Token));
        Assert.Empty((await _client.ListJobsAsync(new(), Token)).Items);
    }

    [Fact]
    public async Task Pause_OfARunningJob_HoldsItUntilResumed()
    {
        _fixture.Model.Hold("number2");
        var job = await SubmitAsync(6);
        await UntilAsync(job.Id, item => item.LastCommittedIndex >= 1);

        var paused = await _client.PauseJobAsync(job.Id, Token);
        _fixture.Model.Open();
        var again = await _client.PauseJobAsync(job.Id, Token);
        await _client.ResumeJobAsync(job.Id, Token);
        var events = await WatchAsync(_client, job.Id);

        Assert.Equal((JobState.Paused, JobState.Paused), (paused.State, again.State));
        Assert.Equal(JobState.Completed, events[^1].State);
        Assert.Equal(6, (await _client.GetJobAsync(job.Id, Token)).Counters.Stored);
    }

    [Fact]
    public async Task Cancel_OfARunningJob_IsFinal()
    {
        _fixture.Model.Hold("number0");
        var job = await SubmitAsync(6);
        await UntilAsync(job.Id, item => item.State == JobState.Running);

        var cancelled = await _client.CancelJobAsync(job.Id, Token);

        Assert.Equal(JobState.Cancelled, cancelled.State);
        await AssertFailsAsync<ConflictException>(ErrorCodes.IllegalTransition, () => _client.ResumeJobAsync(job.Id, Token));
        await AssertFailsAsync<ConflictException>(ErrorCodes.IllegalTransition, () => _client.RetryJobAsync(job.Id, Token));
        Assert.Equal(JobState.Cancelled, (await WatchAsync(_client, job.Id))[^1].State);
    }

    [Fact]
    public async Task Retry_OfAFailedJob_ContinuesAndIsOneHistory()
    {
        _fixture.Model.Broken = true;
        var failed = await IngestAsync(Records(3));
        _fixture.Model.Broken = false;

        await _client.RetryJobAsync(failed.Id, Token);
        var events = await WatchAsync(_client, failed.Id, failed.LastEventSequence);
        var all = await WatchAsync(_client, failed.Id);

        Assert.Equal((JobState.Failed, ErrorCodes.ModelUnavailable), (failed.State, failed.ErrorCode));
        Assert.Equal(JobState.Completed, events[^1].State);
        Assert.Equal(failed.LastEventSequence + 1, events[0].Sequence);
        Assert.Contains(all, item => item.State == JobState.Failed);
        Assert.Equal(events, all.Skip((int)failed.LastEventSequence));
    }

    [Fact]
    public async Task Job_ThatIsUnknown_IsNotFoundByAnyCall()
    {
        Func<Task>[] calls =
        [
            () => _client.GetJobAsync(Unknown, Token),
            () => _client.PauseJobAsync(Unknown, Token),
            () => _client.ResumeJobAsync(Unknown, Token),
            () => _client.CancelJobAsync(Unknown, Token),
            () => _client.RetryJobAsync(Unknown, Token),
            () => _client.GetReportAsync(Unknown, Token),
            () => _client.ListFailuresAsync(Unknown, cancellationToken: Token),
            () => WatchAsync(_client, Unknown),
        ];

        foreach (var call in calls)
        {
            await AssertFailsAsync<NotFoundException>(ErrorCodes.UnknownJob, call);
        }
    }

    [Fact]
    public async Task List_InPages_GivesEachJobOnceNewestFirst()
    {
        List<JobId> submitted = [];
        for (var at = 0; at < 5; at++)
        {
            submitted.Add((await IngestAsync(Records(1))).Id);
        }

        List<JobId> listed = [];
        string? after = null;
        do
        {
            var page = await _client.ListJobsAsync(new() { Limit = 2, After = after, State = JobState.Completed, Collection = Docs }, Token);
            Assert.True(page.Items.Length <= 2);
            listed.AddRange(page.Items.Select(job => job.Id));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(Enumerable.Reverse(submitted), listed);
        Assert.Empty((await _client.ListJobsAsync(new() { State = JobState.Failed }, Token)).Items);
        Assert.Empty((await _client.ListJobsAsync(new() { Collection = CollectionName.Parse("other") }, Token)).Items);
    }

    [Fact]
    public async Task Failures_InPages_AreEachThereOnceByOrdinal()
    {
        var lines = Records(4).SelectMany(line => (string[])[line, "{ not json"]);
        var job = await IngestAsync(lines, change: spec => spec with { MaxFailureRatio = 1 });

        List<FailedDocument> failures = [];
        string? after = null;
        do
        {
            var page = await _client.ListFailuresAsync(job.Id, after, 3, Token);
            failures.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        var report = await _client.GetReportAsync(job.Id, Token);
        Assert.Equal((JobState.CompletedWithWarnings, 4L, 4L), (job.State, job.Counters.Stored, job.Counters.Failed));
        Assert.Equal([1L, 3, 5, 7], failures.Select(failure => failure.Ordinal));
        Assert.All(failures, failure => Assert.Equal(ErrorCodes.MalformedRecord, failure.Code));
        Assert.Equal(4, report.FailuresByCode[ErrorCodes.MalformedRecord]);
        Assert.Equal(failures, report.FirstFailures);
    }

    [Fact]
    public async Task Values_OutsideTheirRange_AreRefused()
    {
        Func<Task>[] calls =
        [
            () => _client.ListJobsAsync(new() { Limit = 0 }, Token),
            () => _client.ListJobsAsync(new() { Limit = 1001 }, Token),
            () => _client.ListFailuresAsync(Unknown, null, 0, Token),
            () => _client.ListCollectionsAsync(null, 1001, Token),
            () => _client.SearchAsync(Docs, new() { Query = "" }, Token),
            () => _client.SearchAsync(Docs, new() { Query = new string('q', 8193) }, Token),
            () => _client.SearchAsync(Docs, new() { Query = "q", Limit = 0 }, Token),
            () => _client.SearchAsync(
                Docs, new() { Query = "q", Filter = Enumerable.Range(0, 17).ToImmutableDictionary(at => $"f{at}", _ => "v") }, Token),
            () => _client.SearchAsync(Docs, new() { Query = "q", Filter = ImmutableDictionary<string, string>.Empty.Add("", "v") }, Token),
            () => WatchAsync(_client, Unknown, -1),
        ];

        foreach (var call in calls)
        {
            await AssertFailsAsync<InvalidRequestException>(ErrorCodes.InvalidOption, call);
        }
    }
}
