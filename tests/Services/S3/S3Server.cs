using System.Globalization;
using Amazon.S3;
using Quiver.Tests.Support;
using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Services.S3;

/// <summary>The S3 server of a test run. Without one, tests are skipped.</summary>
public sealed class S3Server : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private S3ServerProcess? _process;
    private AmazonS3Client? _client;
    private string? _unavailable;
    private int _buckets;

    /// <summary>Its address.</summary>
    public Uri Endpoint => Running.Endpoint;

    /// <summary>A client with the server's credentials.</summary>
    public IAmazonS3 Client => _client!;

    private S3ServerProcess Running => _process ?? throw new InvalidOperationException("The server does not run.");

    public async ValueTask InitializeAsync()
    {
        _unavailable = await S3ServerProcess.InstallAsync(SourceTree.Root);
        if (_unavailable is not null)
        {
            return;
        }

        _process = await S3ServerProcess.StartAsync(SourceTree.Root, _folder.At("data"));
        _client = _process.NewClient();
    }

    /// <summary>An empty bucket of a test's own. Skips the test where there is no server.</summary>
    public async Task<TestBucket> NewBucketAsync()
    {
        Assert.SkipWhen(_unavailable is not null, $"No S3 server for tests: {_unavailable}.");
        var name = string.Create(CultureInfo.InvariantCulture, $"test-{Interlocked.Increment(ref _buckets)}");
        await Client.PutBucketAsync(name, TestContext.Current.CancellationToken);
        return new TestBucket(this, name);
    }

    /// <summary>SIGSTOP: connections stay open and are accepted, but nothing is answered.</summary>
    public Task FreezeAsync() => Running.SignalAsync("-STOP");

    /// <summary>SIGCONT.</summary>
    public Task ThawAsync() => Running.SignalAsync("-CONT");

    /// <summary>SIGKILL: open connections are reset, new ones refused.</summary>
    public Task KillAsync() => Running.SignalAsync("-KILL");

    /// <summary>Restarts it on the same port with everything that was stored.</summary>
    public Task RestartAsync() => Running.RestartAsync();

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }
}

/// <summary>Tests that share the S3 server; they run sequentially, because some stop it.</summary>
[CollectionDefinition(Name)]
public sealed class S3ServerCollection : ICollectionFixture<S3Server>
{
    public const string Name = "S3 server";
}
