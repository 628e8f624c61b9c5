using Quiver.Tests.Support.Providers;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>Faults of all three services together, until they are over.</summary>
internal sealed class Storm
{
    private const int Cuts = 40;
    private const int SilentOneIn = 8;
    private const int MostBytes = 40_000;

    /// <summary>Requests to the provider after which much is done and much is left; on a busy machine not even the first may have come to an end by then.</summary>
    private const int Middle = 30;

    private readonly ThreeServices _services;
    private readonly ProviderStorm _provider;
    private readonly StoreStorm _store;
    private readonly TaskCompletionSource<bool> _middle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;
    private int _isPast;

    private Storm(ThreeServices services, Random random)
    {
        _services = services;
        _provider = new(new Random(random.Next()));
        _store = new(new Random(random.Next()));
        for (var cut = 0; cut < Cuts; cut++)
            services.S3.Ends.Enqueue(new(random.Next(4) == 0 ? random.Next(500) : random.Next(MostBytes), IsSilent: cut % SilentOneIn == 0));
    }

    /// <summary>Completes in the middle of a job.</summary>
    public Task<bool> InTheMiddle => _middle.Task;

    public static Storm Begin(ThreeServices services, Random random)
    {
        var storm = new Storm(services, random);
        services.Qdrant.Faults = storm._store.Next;
        services.Provider.Script = (request, cancellationToken) =>
        {
            storm.Count();
            return storm._provider.AnswerAsync(request, cancellationToken);
        };
        return storm;
    }

    /// <summary>From now on everything goes well.</summary>
    public void End()
    {
        _services.S3.Ends.Clear();
        _services.Qdrant.Faults = static _ => StandInFault.None;
        _services.Provider.Answers(ProviderReply.Ok);
    }

    /// <summary>Fails when a kind of fault has never come.</summary>
    public void AssertHadEverything(string context)
    {
        var missing = Enum.GetValues<ProviderFault>().Except(_provider.Faults.Drawn.Keys).Select(static fault => fault.ToString())
            .Concat(_store.Missing.Select(static fault => fault.ToString()))
            .ToList();
        Assert.True(missing.Count == 0, $"{context}: the storm had no {string.Join(", no ", missing)}");
        Assert.True(_services.S3.Accepted > 10, $"{context}: only {_services.S3.Accepted} connections to S3");
    }

    /// <summary>What ends or pauses a job comes once, in the middle; whatever flows from S3 then is cut.</summary>
    private void Count()
    {
        if (Interlocked.Increment(ref _requests) < Middle || _services.Points.Count == 0 || Interlocked.Exchange(ref _isPast, 1) != 0)
            return;
        _services.S3.CutAll();
        _provider.Faults.Add(ProviderFault.WrongDimension);
        _provider.Faults.Add(ProviderFault.Denied);
        _store.Faults.Add(StandInFault.Full507);
        _middle.SetResult(true);
    }
}
