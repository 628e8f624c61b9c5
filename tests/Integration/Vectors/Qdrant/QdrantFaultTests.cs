using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Core.Vectors;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>The adapter on a server that fails.</summary>
public sealed class QdrantFaultTests : IAsyncLifetime
{
    private const string Physical = "quiver_faults_4d";

    private QdrantStandIn _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await QdrantStandIn.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public static TheoryData<string, string, FaultKind> Refusals => new()
    {
        { nameof(StandInFault.Internal), ErrorCodes.ServerUnavailable, FaultKind.Transient },
        { nameof(StandInFault.InternalAfter), ErrorCodes.ServerUnavailable, FaultKind.Transient },
        { nameof(StandInFault.Unavailable), ErrorCodes.ServerUnavailable, FaultKind.Transient },
        { nameof(StandInFault.ShardMissing), ErrorCodes.ServerUnavailable, FaultKind.Transient },
        { nameof(StandInFault.TimeoutAfter), ErrorCodes.Timeout, FaultKind.Transient },
        { nameof(StandInFault.TimeoutExpired), ErrorCodes.Timeout, FaultKind.Transient },
        { nameof(StandInFault.SilenceBefore), ErrorCodes.Timeout, FaultKind.Transient },
        { nameof(StandInFault.SilenceAfter), ErrorCodes.Timeout, FaultKind.Transient },
        { nameof(StandInFault.CutBefore), ErrorCodes.ServerUnavailable, FaultKind.Transient },
        { nameof(StandInFault.CutInAnswer), ErrorCodes.ServerUnavailable, FaultKind.Transient },
        { nameof(StandInFault.AcknowledgedThenLost), ErrorCodes.ServerUnavailable, FaultKind.Transient },
        { nameof(StandInFault.Invalid), ErrorCodes.Internal, FaultKind.Permanent },
        { nameof(StandInFault.Throttle), ErrorCodes.ServerUnavailable, FaultKind.Throttled },
        { nameof(StandInFault.QuotaFull), ErrorCodes.StorageFull, FaultKind.Permanent },
        { nameof(StandInFault.DiskFull), ErrorCodes.StorageFull, FaultKind.Permanent },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Upsert_ThatFailsOneWay_IsClassifiedAndCanBeRepeated(string fault, string code, FaultKind kind)
    {
        using var store = await OpenAsync(options =>
        {
            options.RetryAttempts = 0;
            options.WriteTimeout = TimeSpan.FromMilliseconds(300);
        });
        var faults = new Queue<StandInFault>([Enum.Parse<StandInFault>(fault)]);
        _server.Faults = request => request.ChangesPoints && faults.TryDequeue(out var next) ? next : StandInFault.None;

        var error = await Assert.ThrowsAnyAsync<QuiverException>(() => UpsertAsync(store, 3));
        var again = await UpsertAsync(store, 3);

        Assert.Equal((code, kind), (error.Code, error.Kind));
        Assert.Equal(kind == FaultKind.Throttled ? TimeSpan.FromSeconds(1) : null, error.RetryAfter);
        Assert.Equal(new UpsertOutcome(3, 0), again);
        Assert.Equal(3, _server.State.Points(Physical).Count);
    }

    [Theory]
    [InlineData(nameof(StandInFault.Internal))]
    [InlineData(nameof(StandInFault.Unavailable))]
    [InlineData(nameof(StandInFault.ShardMissing))]
    [InlineData(nameof(StandInFault.CutInAnswer))]
    [InlineData(nameof(StandInFault.CutBefore))]
    public async Task Request_ThatFailsOnce_IsRepeatedByTheAdapter(string fault)
    {
        using var store = await OpenAsync();
        var faults = new Queue<StandInFault>([Enum.Parse<StandInFault>(fault)]);
        _server.Faults = request => request.ChangesPoints && faults.TryDequeue(out var next) ? next : StandInFault.None;

        Assert.Equal(new UpsertOutcome(3, 0), await UpsertAsync(store, 3));
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Throttling_IsNotRepeatedByTheAdapter()
    {
        using var store = await OpenAsync();
        _server.Faults = static request => request.ChangesPoints ? StandInFault.Throttle : StandInFault.None;

        await Assert.ThrowsAsync<ThrottledException>(() => UpsertAsync(store, 1));

        Assert.Single(_server.Requests, request => request.ChangesPoints);
    }

    [Fact]
    public async Task Key_ThatIsRefused_IsAccessDeniedInPlainWords()
    {
        _server.ApiKey = "right";
        using var wrong = QdrantStores.Open(_server, options => options.ApiKey = "wrong-secret");
        using var right = QdrantStores.Open(_server, options => options.ApiKey = "right");

        var error = await Assert.ThrowsAsync<PermanentException>(() => wrong.DescribeAsync(Token));

        Assert.Equal(ErrorCodes.AccessDenied, error.Code);
        Assert.Contains("Must provide an API key", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("qdrant", (await right.DescribeAsync(Token)).Name);
    }

    [Fact]
    public async Task Server_ThatIsNotThere_IsUnavailable()
    {
        using var store = QdrantStores.Open("http://127.0.0.1:9", options => options.RetryAttempts = 0);

        var error = await Assert.ThrowsAsync<TransientException>(() => store.DescribeAsync(Token));

        Assert.Equal(ErrorCodes.ServerUnavailable, error.Code);
        Assert.Contains("Quiver:Qdrant:Address", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_OfTheRestApi_IsRecognized()
    {
        using var store = QdrantStores.Open(_server.RestAddress, options => options.RetryAttempts = 0);

        var error = await Assert.ThrowsAsync<TransientException>(() => store.DescribeAsync(Token));

        Assert.Equal(ErrorCodes.ServerUnavailable, error.Code);
        Assert.Contains("gRPC port, by default 6334", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ThatTheServerQueues_IsAwaitedAndNotSentAgain()
    {
        using var store = await OpenAsync();
        var faults = new Queue<StandInFault>([StandInFault.WaitTimeout, StandInFault.WaitTimeout]);
        _server.Faults = request => request.ChangesPoints && faults.TryDequeue(out var next) ? next : StandInFault.None;

        var written = await UpsertAsync(store, 3);
        var stored = _server.State.Points(Physical).Count;
        var deleted = await store.DeleteAsync(new(Physical, QdrantSamples.Docs), [QdrantSamples.Point(1).Id], Token);

        Assert.Equal((new UpsertOutcome(3, 0), 3, 1L), (written, stored, deleted));
        Assert.Equal(2, _server.State.Points(Physical).Count);
        Assert.Equal(2, _server.Requests.Count(request => request.ChangesPoints));
    }

    [Fact]
    public async Task Write_ThatTheServerQueuesForTooLong_IsATimeout()
    {
        using var store = await OpenAsync(options => options.WriteTimeout = TimeSpan.FromMilliseconds(200));
        _server.State.Edit(Physical, static collection => collection.HoldsWrites = true);
        _server.Faults = static request => request.ChangesPoints ? StandInFault.WaitTimeout : StandInFault.None;

        Assert.Equal(ErrorCodes.Timeout, (await Assert.ThrowsAsync<TransientException>(() => UpsertAsync(store, 3))).Code);
        Assert.Single(_server.Requests, request => request.ChangesPoints);
    }

    [Fact]
    public async Task Server_ThatIsTooOld_IsRefused()
    {
        await using var old = await QdrantStandIn.StartAsync("1.9.2");
        using var store = QdrantStores.Open(old);

        Assert.Equal(ErrorCodes.NotSupported, (await Assert.ThrowsAsync<PermanentException>(() => store.DescribeAsync(Token))).Code);
    }

    [Fact]
    public async Task Message_ThatAProxyFindsTooLarge_IsHalvedUntilItFits()
    {
        using var store = await OpenAsync();
        _server.MaxRequestBytes = 3_000;

        Assert.Equal(new UpsertOutcome(64, 0), await UpsertAsync(store, 64));

        Assert.Equal(64, _server.State.Points(Physical).Count);
        Assert.Contains(_server.Requests, request => request.ChangesPoints && request.Bytes > 3_000);
    }

    [Fact]
    public async Task Point_ThatIsTooLargeAlone_IsTheDocumentsFault()
    {
        using var store = await OpenAsync();
        _server.MaxRequestBytes = 100;

        Assert.Equal(ErrorCodes.DocumentTooLarge, (await Assert.ThrowsAsync<InvalidDocumentException>(() => UpsertAsync(store, 2))).Code);
    }

    [Fact]
    public async Task Message_ThatWouldBeTooLarge_IsSplitBeforeItIsSent()
    {
        using var store = await OpenAsync(options => options.MaxRequestBytes = 5_000);

        await UpsertAsync(store, 100);

        Assert.Equal(100, _server.State.Points(Physical).Count);
        Assert.All(_server.Requests.Where(request => request.ChangesPoints), request => Assert.InRange(request.Bytes, 1, 5_600));
    }

    [Fact]
    public async Task Writes_ToOneCollection_AreBoundedInFlight()
    {
        using var store = await OpenAsync(options => options.MaxInFlight = 3);
        var (now, most) = (0, 0);
        var gate = new TaskCompletionSource();
        _server.OnRequest = async request =>
        {
            if (request.ChangesPoints)
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                await gate.Task;
                Interlocked.Decrement(ref now);
            }
        };

        var writes = Enumerable.Range(0, 12).Select(i => UpsertAsync(store, 1, i)).ToList();
        await Quiver.Tests.Support.Patience.UntilAsync(() => Volatile.Read(ref now) == 3, "three writes are on their way");
        Assert.Equal(0, await store.CountAsync(new(Physical, QdrantSamples.Docs), Token));
        gate.SetResult();
        await Task.WhenAll(writes);

        Assert.Equal(3, most);
        Assert.Equal(12, _server.State.Points(Physical).Count);
    }

    [Fact]
    public async Task Upsert_ThatIsCancelled_GivesUp()
    {
        using var store = await OpenAsync();
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var arrived = new TaskCompletionSource<bool>();
        _server.OnRequest = request =>
        {
            arrived.TrySetResult(request.ChangesPoints);
            return Task.CompletedTask;
        };
        _server.Faults = static request => request.ChangesPoints ? StandInFault.SilenceBefore : StandInFault.None;

        var write = store.UpsertAsync(new(Physical, QdrantSamples.Docs), [QdrantSamples.Point(1)], source.Token);
        await Quiver.Tests.Support.Patience.OrFailAsync(arrived.Task, "the request");
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
    }

    private async Task<QdrantStore> OpenAsync(Action<QdrantOptions>? configure = null)
    {
        var store = QdrantStores.Open(_server, configure);
        await store.EnsureCollectionAsync(Physical, 4, Token);
        await store.CountAsync(new(Physical, QdrantSamples.Docs), Token);
        return store;
    }

    private static Task<UpsertOutcome> UpsertAsync(QdrantStore store, int count, int first = 0) =>
        store.UpsertAsync(new(Physical, QdrantSamples.Docs), [.. Enumerable.Range(first, count).Select(i => QdrantSamples.Point(i))], Token);
}
