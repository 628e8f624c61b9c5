using Quiver.Client.Requests;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Api;

public sealed class HttpQuiverClientTests
{
    private static readonly JobId Job = JobId.Parse("job-1");
    private static readonly CollectionName Docs = CollectionName.Parse("docs");

    public static TheoryData<QuiverException> Errors =>
    [
        new InvalidRequestException(ErrorCodes.InvalidOption, "m"),
        new InvalidRequestException(ErrorCodes.IdempotencyTokenReused, "m"),
        new NotFoundException(ErrorCodes.UnknownJob, "m"),
        new ConflictException(ErrorCodes.IllegalTransition, "m"),
        new InvalidDocumentException(ErrorCodes.EmptyDocument, "m"),
        new ThrottledException(ErrorCodes.QueueFull, "m") { RetryAfter = TimeSpan.FromSeconds(7) },
        new TransientException(ErrorCodes.StorageUnavailable, "m") { RetryAfter = TimeSpan.FromSeconds(3) },
        new TransientException(ErrorCodes.Timeout, "m"),
        new PermanentException(ErrorCodes.ModelUnavailable, "m"),
    ];

    [Theory]
    [MemberData(nameof(Errors), DisableDiscoveryEnumeration = true)]
    public async Task Error_ThatTheServerThrew_ArrivesAsItself(QuiverException thrown)
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.Faults.Enqueue(thrown);

        var arrived = await Assert.ThrowsAnyAsync<QuiverException>(
            () => server.Client().PauseJobAsync(Job, TestContext.Current.CancellationToken));

        Assert.IsType(thrown.GetType(), arrived);
        Assert.Equal((thrown.Code, thrown.Message, thrown.Kind), (arrived.Code, arrived.Message, arrived.Kind));
        Assert.Equal(thrown.RetryAfter, arrived.RetryAfter);
    }

    [Fact]
    public async Task Values_OverTheWire_AreTheSame()
    {
        await using var server = await ApiServer.StartAsync();
        var client = server.Client("acme");
        var token = TestContext.Current.CancellationToken;
        var spec = ScriptedQuiverClient.Spec() with
        {
            Tenant = client.Tenant,
            Sync = SyncMode.Mirror,
            Source = new() { Paths = ["/ä b"], Format = DocumentFormat.Code, Exclude = ["x"] },
            IdempotencyToken = "t",
        };

        var submitted = await client.SubmitAsync(spec, token);
        var report = await client.GetReportAsync(Job, token);
        var page = await client.ListJobsAsync(new() { State = JobState.CompletedWithWarnings, Collection = Docs, Limit = 3, After = "a&b=c" }, token);
        var failures = await client.ListFailuresAsync(Job, "x y", 5, token);
        var found = await client.SearchAsync(
            Docs,
            new()
            {
                Query = "ü?",
                Limit = 2,
                Filter = ImmutableDictionary<string, string>.Empty.Add("k", "v"),
                ScoreThreshold = 0.1f,
                Mode = SearchMode.Lexical,
                LexicalWeight = 0.25,
            },
            token);
        var chunks = await client.ListChunksAsync(Docs, "ä b/c.md", "3", 5, token);
        var previewed = new ChunkPreviewRequest
        {
            Text = "# Grüße",
            Name = "a.md",
            Format = DocumentFormat.Markdown,
            Model = "m",
            IdField = "i",
            TextField = "t",
            Limit = 7,
            Chunking = new() { MaxTokens = 32, OverlapTokens = 3, EmbedContext = false, Strategy = ChunkingStrategy.Fixed },
        };
        var preview = await client.PreviewChunksAsync(previewed, token);
        var values = await client.FacetAsync(Docs, new() { Field = "a/b ü", Limit = 7, Filter = ImmutableDictionary<string, string>.Empty.Add("k=", "v&") }, token);
        var verify = await client.VerifyAsync(Docs, true, token);

        Assert.Equal(TimeSpan.FromMilliseconds(1500), submitted.Elapsed);
        Assert.Equal(["/ä b"], submitted.Spec.Source.Paths);
        Assert.Equal((SyncMode.Mirror, DocumentFormat.Code, "t"), (submitted.Spec.Sync, submitted.Spec.Source.Format, submitted.Spec.IdempotencyToken));
        Assert.Equal(0.1, report.ChunksPerSecond);
        Assert.Equal(1, report.FailuresByCode[ErrorCodes.MissingText]);
        Assert.Equal("c", Assert.Single(report.FirstFailures).DocumentId);
        Assert.Equal("more", page.Next);
        Assert.Equal(new JobListRequest { State = JobState.CompletedWithWarnings, Collection = Docs, Limit = 3, After = "a&b=c" }, server.Script.Listed);
        Assert.Equal("x y/5", Assert.Single(failures.Items).DocumentId);
        Assert.Equal((SearchMode.Hybrid, SearchNoteCodes.QueryTruncated), (found.Mode, Assert.Single(found.Notes).Code));
        Assert.Equal(["Grüße", "b"], found.Hits.Select(hit => hit.Text));
        Assert.Equal(("Brief", "Anrede"), (found.Hits[0].Title, found.Hits[0].Headings.Single()));
        Assert.Equal((new HitRank(2, 0.25f), new HitRank(1, 7.5f), new TextRange(0, 5)), (found.Hits[0].Dense, found.Hits[0].Lexical, found.Hits[0].Highlights[0]));
        Assert.Equal((new HitRank(1, 0.5f), null, 0), (found.Hits[1].Dense, found.Hits[1].Lexical, found.Hits[1].Highlights.Length));
        Assert.Equal((SearchMode.Lexical, 0.25), (server.Script.Searched!.Mode, server.Script.Searched.LexicalWeight));
        Assert.Equal((("ä b/c.md", "3", 5), "7", "ä b/c.md"), (server.Script.ListedChunks!.Value, chunks.Next, chunks.Items.Single().DocumentId));
        Assert.Equal(previewed, server.Script.Previewed);
        Assert.Equal((128, "a.md"), (preview.MaxTokens, preview.Items.Single().DocumentId));
        Assert.Equal(("ü?", 2, 0.1f, "v"), (server.Script.Searched!.Query, server.Script.Searched.Limit, server.Script.Searched.ScoreThreshold, server.Script.Searched.Filter["k"]));
        Assert.Equal([new("ä.md", 3_000_000_000)], values);
        Assert.Equal(("a/b ü", 7, "v&"), (server.Script.Faceted!.Field, server.Script.Faceted.Limit, server.Script.Faceted.Filter["k="]));
        Assert.Equal((1L, true), (verify.MissingPoints, server.Script.Repaired));
        Assert.All(server.Script.Tenants, tenant => Assert.Equal("acme", tenant.Value));
    }

    [Fact]
    public async Task Export_OverTheWire_KeepsEveryFloatAndThePayload()
    {
        await using var server = await ApiServer.StartAsync();
        var random = new Random(7);
        server.Script.Points =
        [
            .. Enumerable.Range(0, 300).Select(at => new ExportedPoint
            {
                Id = new Guid(at, 0, 0, new byte[8]),
                Vector = [.. Enumerable.Range(0, 64).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-30, 30))))],
                PayloadJson = $$"""{"n":{{at}},"text":"ü"}""",
            }),
        ];

        List<ExportedPoint> points = [];
        await foreach (var point in server.Client().ExportAsync(Docs, TestContext.Current.CancellationToken))
        {
            points.Add(point);
        }

        Assert.Equal(server.Script.Points.Length, points.Count);
        Assert.All(points.Zip(server.Script.Points), pair =>
        {
            Assert.Equal(pair.Second.Id, pair.First.Id);
            Assert.Equal(pair.Second.Vector.AsSpan(), pair.First.Vector.AsSpan());
            Assert.Equal(pair.Second.PayloadJson, pair.First.PayloadJson);
        });
    }

    [Fact]
    public async Task Reading_AfterA503_IsTriedAgain()
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.Faults.Enqueue(new TransientException(ErrorCodes.StorageUnavailable, "m"));
        server.Script.Faults.Enqueue(new TransientException(ErrorCodes.StorageUnavailable, "m"));

        await server.Client().GetJobAsync(Job, TestContext.Current.CancellationToken);

        Assert.Equal(3, server.Script.Calls.Count);
    }

    [Fact]
    public async Task Reading_ThatFailsForever_EndsAfterItsAttempts()
    {
        await using var server = await ApiServer.StartAsync();
        for (var fault = 0; fault < 10; fault++)
        {
            server.Script.Faults.Enqueue(new TransientException(ErrorCodes.StorageUnavailable, "m"));
        }

        var error = await Assert.ThrowsAsync<TransientException>(
            () => server.Client(configure: options => options.RetryAttempts = 2).GetJobAsync(Job, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.StorageUnavailable, error.Code);
        Assert.Equal(3, server.Script.Calls.Count);
    }

    [Fact]
    public async Task Command_AfterA503_IsNotRepeated()
    {
        await using var server = await ApiServer.StartAsync();
        server.Script.Faults.Enqueue(new TransientException(ErrorCodes.StorageUnavailable, "m"));

        await Assert.ThrowsAsync<TransientException>(() => server.Client().CancelJobAsync(Job, TestContext.Current.CancellationToken));

        Assert.Single(server.Script.Calls);
    }

    [Fact]
    public async Task Submission_WhoseAnswerIsLost_IsRepeatedWithTheSameToken()
    {
        await using var server = await ApiServer.StartAsync();
        await using var proxy = new CuttingProxy(server.Server.LocalAddress);
        proxy.Ends.Enqueue(new(10));

        await server.Client(address: proxy.Address).SubmitAsync(ScriptedQuiverClient.Spec(), TestContext.Current.CancellationToken);

        Assert.Equal(2, server.Script.Submitted.Count);
        var token = Assert.Single(server.Script.Submitted.Select(spec => spec.IdempotencyToken).Distinct());
        Assert.NotNull(token);
    }

    [Fact]
    public async Task Server_ThatIsNotThere_IsUnavailable()
    {
        await using var server = await ApiServer.StartAsync();
        await using var proxy = new CuttingProxy(server.Server.LocalAddress) { Refuses = true };

        var error = await Assert.ThrowsAsync<TransientException>(
            () => server.Client(address: proxy.Address).GetJobAsync(Job, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.ServerUnavailable, error.Code);
        Assert.Equal(5, proxy.Accepted);
    }

    [Fact]
    public async Task Submission_OfAnotherTenant_IsRefusedBeforeItIsSent()
    {
        await using var server = await ApiServer.StartAsync();

        var error = await Assert.ThrowsAsync<InvalidRequestException>(
            () => server.Client("acme").SubmitAsync(ScriptedQuiverClient.Spec(), TestContext.Current.CancellationToken));

        Assert.Equal(RequestErrorCodes.InvalidTenant, error.Code);
        Assert.Empty(server.Script.Submitted);
    }

    [Fact]
    public async Task Change_ThatTakesLongerThanTheCall_IsAcceptedAsPending()
    {
        await using var server = await ApiServer.StartAsync();
        var changes = new CollectionSettings { Storage = new() { Replicas = 2 } };
        using var body = new StringContent("""{"storage":{"replicas":2}}""", System.Text.Encoding.UTF8, "application/json");

        var pending = await server.Client().ChangeCollectionAsync(Docs, changes, TestContext.Current.CancellationToken);
        using var answer = await server.Http.PatchAsync(new Uri("/v1/collections/docs", UriKind.Relative), body, TestContext.Current.CancellationToken);

        Assert.Equal(changes, pending.Pending);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
    }
}
