using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// Bounds how long a request takes, twice. After the soft timeout the caller is told to try again, while the request goes on: what it brings
/// is paid for and will be in the cache, and the next attempt at the same texts waits for it instead of sending them again. After the hard
/// timeout the request is cut.
/// </summary>
internal sealed class TimedEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner, string provider, TimeSpan soft, TimeSpan hard, TimeProvider time)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private const int MostLate = 256;

    private readonly ConcurrentDictionary<string, RunningRequest> _late = new(StringComparer.Ordinal);

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        var request = Find(texts, options) ?? new RunningRequest(cut => SendAsync(texts, options, cut), hard, time);
        await using var stop = cancellationToken.UnsafeRegister(static running => ((RunningRequest)running!).Cut(), request);
        try
        {
            return await request.Answer.WaitAsync(soft, time, cancellationToken);
        }
        catch (QuiverException) when (cancellationToken.IsCancellationRequested)
        {
            // It was cut because nobody wants it any more, which says nothing about the provider.
            throw new OperationCanceledException(cancellationToken);
        }
        catch (TimeoutException e)
        {
            Keep(KeyOf(texts, options), request);
            throw new TransientException(ErrorCodes.Timeout, $"The provider {provider} did not answer within {soft.TotalSeconds:0.#} s.", e);
        }
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> SendAsync(string[] texts, EmbeddingGenerationOptions? options, CancellationToken cut)
    {
        // Its answer may come when the call that sent it has ended long ago.
        using var underWay = EmbeddingRequestNotes.MeterOf(options)?.Enter();
        try
        {
            return await base.GenerateAsync(texts, options, cut);
        }
        catch (OperationCanceledException e)
        {
            throw new TransientException(ErrorCodes.Timeout, $"The provider {provider} did not answer within {hard.TotalSeconds:0.#} s.", e);
        }
    }

    private RunningRequest? Find(string[] texts, EmbeddingGenerationOptions? options) => !_late.IsEmpty && _late.TryGetValue(KeyOf(texts, options), out var late) ? late : null;

    private static string KeyOf(string[] texts, EmbeddingGenerationOptions? options) => (EmbeddingRequestNotes.IsQuery(options) ? "?" : "") + TextHash.OfAll(texts);

    private void Keep(string key, RunningRequest request)
    {
        if (_late.Count >= MostLate)
        {
            request.Cut();
            return;
        }

        _late[key] = request;
        _ = ForgetAsync();

        async Task ForgetAsync()
        {
            await ((Task)request.Answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _late.TryRemove(key, out _);
        }
    }
}
