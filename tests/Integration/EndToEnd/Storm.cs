using Quiver.Tests.Services.S3;
using Quiver.Tests.Support.Providers;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>Faults of all three services together, until they are over.</summary>
internal sealed class Storm : IAsyncDisposable
{
    /// <summary>Requests to the provider after which much is done and much is left; on a busy machine not even the first may have come to an end by then.</summary>
    private const int Middle = 30;

    private readonly ThreeServices _services;
    private readonly SourceStorm _source;
    private readonly ProviderStorm _provider;
    private readonly StoreStorm _store;
    private readonly TaskCompletionSource<bool> _middle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;
    private int _isPast;

    private Storm(S3Server server, TestBucket bucket, ThreeServices services, Random random)
    {
        _services = services;
        _source = new(server, services.S3, bucket, new Random(random.Next()));
        _provider = new(new Random(random.Next()));
        _store = new(new Random(random.Next()));
    }

    /// <summary>Completes in the middle of a job.</summary>
    public Task<bool> InTheMiddle => _middle.Task;

    public static Storm Begin(S3Server server, TestBucket bucket, ThreeServices services, Random random)
    {
        var storm = new Storm(server, bucket, services, random);
        services.Qdrant.Faults = storm._store.Next;
        services.Provider.Script = async (request, cancellationToken) =>
        {
            await storm.CountAsync();

            // A party that has ended must not get a fault that must occur.
            cancellationToken.ThrowIfCancellationRequested();
            return await storm._provider.AnswerAsync(request, cancellationToken);
        };
        return storm;
    }

    /// <summary>From now on everything goes well.</summary>
    public Task EndAsync()
    {
        _services.Qdrant.Faults = static _ => StandInFault.None;
        _services.Provider.Answers(ProviderReply.Ok);
        return _source.EndAsync();
    }

    /// <summary>The next test needs the server too.</summary>
    public async ValueTask DisposeAsync() => await EndAsync();

    /// <summary>Fails when a kind of fault has never come.</summary>
    public void AssertHadEverything(string context)
    {
        var missing = Enum.GetValues<ProviderFault>().Except(_provider.Faults.Drawn.Keys).Select(static fault => fault.ToString())
            .Concat(_store.Missing.Select(static fault => fault.ToString()))
            .Concat(_source.Missing)
            .ToList();
        Assert.True(missing.Count == 0, $"{context}: the storm had no {string.Join(", no ", missing)}");
    }

    /// <summary>What ends or pauses a job comes once, in the middle, and so does the death of the source.</summary>
    private async Task CountAsync()
    {
        if (Interlocked.Increment(ref _requests) < Middle || _services.Points.Count == 0 || Interlocked.Exchange(ref _isPast, 1) != 0)
        {
            return;
        }

        await _source.KillAsync();
        _middle.SetResult(true);
        _provider.Faults.Add(ProviderFault.WrongDimension);
        _provider.Faults.Add(ProviderFault.Denied);
        _store.Faults.Add(StandInFault.QuotaFull);
        _store.Faults.Add(StandInFault.DiskFull);
    }
}
