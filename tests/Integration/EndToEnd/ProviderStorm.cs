using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>A provider's faults at random, every kind of them.</summary>
internal sealed class ProviderStorm(Random random)
{
    /// <summary>Texts with this word are refused while the storm lasts.</summary>
    public const string Poison = "poison";

    private const int Calm = 14;
    private const int WaitsForOthers = 3;

    private readonly Lock _lock = new();
    private readonly List<(TaskCompletionSource Released, int At)> _late = [];
    private int _requests;

    public Deck<ProviderFault> Faults { get; } = new(
        random,
        [.. Enum.GetValues<ProviderFault>().Where(static fault => fault is not (ProviderFault.WrongDimension or ProviderFault.Denied)), .. Enumerable.Repeat(ProviderFault.None, Calm)]);

    public async Task<ProviderReply> AnswerAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        Release();
        if (request.Texts.Any(static text => text.Contains(Poison, StringComparison.Ordinal)))
        {
            return ProviderReply.Error(400, "poison", "content_filter");
        }

        var fault = Faults.Draw(static _ => true);
        if (fault == ProviderFault.Late)
        {
            await LateAsync(cancellationToken);
        }

        if (fault == ProviderFault.Silent)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }

        lock (_lock)
        {
            return Reply(fault, request);
        }
    }

    private ProviderReply Reply(ProviderFault fault, ProviderRequest request) => fault switch
    {
        ProviderFault.Throttled => ProviderReply.Throttled(TimeSpan.FromMilliseconds(random.Next(1, 30))),
        ProviderFault.ThrottledWithoutWait => ProviderReply.Error(429, "slow down", "rate_limit_exceeded"),
        ProviderFault.Error500 => ProviderReply.Error(500),
        ProviderFault.Error503 => ProviderReply.Error(503) with { Headers = ImmutableDictionary<string, string>.Empty.Add("retry-after-ms", "5") },
        ProviderFault.Cut => Cut(ProviderReply.Ok(request)),
        ProviderFault.Short => ProviderReply.Ok(request, static items => items.SkipLast(1)),
        ProviderFault.Unordered => ProviderReply.Ok(request, items => items.OrderBy(_ => random.Next())),
        ProviderFault.SameIndex when request.Texts.Length > 1 => ProviderReply.Ok(request, static items => items.Select(static item => (0, item.Embedding))),
        ProviderFault.NotANumber => Spoil(request, [.. Enumerable.Repeat(1f, HashModel.Dimensions - 1), float.NaN]),
        ProviderFault.Zero => Spoil(request, new float[HashModel.Dimensions]),
        ProviderFault.Garbage => new ProviderReply { Body = "<html>It works!</html>" },
        ProviderFault.Denied => ProviderReply.Error(401, "this key was revoked", "invalid_api_key"),
        ProviderFault.WrongDimension => Spoil(request, [.. Enumerable.Repeat(1f, HashModel.Dimensions + 1)]),
        _ => ProviderReply.Ok(request),
    };

    private ProviderReply Cut(ProviderReply whole) => whole with { CutAfter = random.Next(whole.Body.Length) };

    /// <summary>The right answer but for one vector.</summary>
    private ProviderReply Spoil(ProviderRequest request, float[] vector)
    {
        var at = random.Next(request.Texts.Length);
        return ProviderReply.Ok(request, items => items.Select(item => item.Index == at ? (item.Index, ProviderReply.Vector(vector, request.WantsBase64)) : item));
    }

    private Task LateAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _late.Add((released, _requests + WaitsForOthers));
            return released.Task.WaitAsync(cancellationToken);
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            _requests++;
            foreach (var (released, at) in _late)
            {
                if (at <= _requests)
                {
                    released.TrySetResult();
                }
            }
        }
    }
}
