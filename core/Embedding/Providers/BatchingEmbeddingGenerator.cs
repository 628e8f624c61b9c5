using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// Splits a call of any size into requests that the provider accepts, and sends them concurrently. A refused request is halved until the
/// refused text is alone; its answer is an <see cref="EmbeddingRefusal"/>, and the others keep their vectors. When the provider counts more
/// tokens than Quiver, texts may be too long and some providers truncate them silently: that is logged once.
/// </summary>
internal sealed partial class BatchingEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, ProviderDescription provider, ILogger logger)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <summary>Tokens around a text that services count and tokenizers may not.</summary>
    private const int SpecialTokens = 2;

    private readonly EmbeddingModelInfo _model = provider.Model;
    private readonly ProviderLimits _limits = provider.Limits;
    private bool _hasCountedMore;

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        var call = new Call(texts, Array.ConvertAll(texts, text => provider.Tokenizer.CountTokens(text)), EmbeddingCallContext.Of(options));
        for (var i = 0; i < texts.Length; i++)
        {
            if (call.Tokens[i] > _limits.MaxTokensPerInput)
            {
                // A provider might truncate it silently.
                call.Refuse(i, new InvalidDocumentException(
                    ErrorCodes.DocumentTooLarge,
                    $"A text has {call.Tokens[i]} tokens and the limit of the model {_model.Name} is {_limits.MaxTokensPerInput}."));
            }
        }

        await WaitForAllAsync([.. Plan(call.Tokens).Select(request => SendAsync(request, call, cancellationToken))]);
        return call.ToEmbeddings();
    }

    /// <summary>
    /// Splits a call into requests, each a list of indices in the order of the texts, so the same texts make the same requests after a
    /// failure. Texts above the limit of one text are in none.
    /// </summary>
    private List<ImmutableArray<int>> Plan(int[] tokens)
    {
        var requests = new List<ImmutableArray<int>>();
        var request = ImmutableArray.CreateBuilder<int>();
        var sum = 0L;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] > _limits.MaxTokensPerInput)
            {
                continue;
            }

            if (request.Count > 0 && (request.Count == _limits.MaxInputs || sum + tokens[i] > _limits.RequestTokens))
            {
                requests.Add(request.ToImmutable());
                request.Clear();
                sum = 0;
            }

            request.Add(i);
            sum += tokens[i];
        }

        if (request.Count > 0)
        {
            requests.Add(request.ToImmutable());
        }

        return requests;
    }

    /// <summary>Waits for all requests, so that the answers of the others are cached. Of several faults the most telling one is thrown.</summary>
    private static async Task WaitForAllAsync(Task[] requests)
    {
        var all = Task.WhenAll(requests);
        try
        {
            await all;
        }
        catch (QuiverException) when (all.Exception?.InnerExceptions.Count > 1)
        {
            throw all.Exception.InnerExceptions.OfType<QuiverException>().OrderBy(fault => fault.Kind switch
            {
                FaultKind.Permanent => 0,
                FaultKind.Throttled => 1,
                _ => 2,
            }).First();
        }
    }

    private async Task SendAsync(ImmutableArray<int> request, Call call, CancellationToken cancellationToken)
    {
        try
        {
            await SendOnceAsync(request, call, cancellationToken);
        }
        catch (QuiverException exception) when (exception.Kind == FaultKind.InvalidInput && request.Length > 1)
        {
            var half = request.Length / 2;
            await SendAsync(request[..half], call, cancellationToken);
            await SendAsync(request[half..], call, cancellationToken);
        }
        catch (QuiverException exception) when (exception.Kind == FaultKind.InvalidInput)
        {
            call.Refuse(request[0], exception);
        }
    }

    private async Task SendOnceAsync(ImmutableArray<int> request, Call call, CancellationToken cancellationToken)
    {
        var sum = request.Sum(index => call.Tokens[index]);
        var embeddings = await base.GenerateAsync(request.Select(index => call.Texts[index]), call.Context.ForRequest(sum).ToOptions(), cancellationToken);
        EmbeddingValidator.Validate(embeddings, request.Length, _model);
        if (embeddings.Usage?.InputTokenCount is { } counted
            && counted > sum + (SpecialTokens * request.Length)
            && !Interlocked.Exchange(ref _hasCountedMore, true))
        {
            LogCountedMore(logger, provider.Name, counted, sum);
        }

        call.Answer(request, embeddings, embeddings.Usage?.InputTokenCount ?? sum);
    }

    [LoggerMessage(
        EventId = 3111,
        Level = LogLevel.Warning,
        Message = "The provider {Provider} counted {Counted} tokens and Quiver {Estimated}: the provider may truncate texts. "
            + "Set Quiver:Providers:{Provider}:Tokenizer to the model's tokenizer, or lower MaxTokensPerInput.")]
    private static partial void LogCountedMore(ILogger logger, string provider, long counted, int estimated);

    /// <summary>A call's texts and its answer, which is put together from those of the requests. Requests write to different indices.</summary>
    private sealed class Call(string[] texts, int[] tokens, EmbeddingCallContext context)
    {
        private readonly Embedding<float>?[] _answers = new Embedding<float>?[texts.Length];
        private long _usedTokens;

        public string[] Texts => texts;

        public int[] Tokens => tokens;

        public EmbeddingCallContext Context => context;

        public void Answer(ImmutableArray<int> request, GeneratedEmbeddings<Embedding<float>> embeddings, long usedTokens)
        {
            for (var i = 0; i < request.Length; i++)
            {
                _answers[request[i]] = embeddings[i];
            }

            Interlocked.Add(ref _usedTokens, usedTokens);
        }

        public void Refuse(int index, QuiverException reason) => _answers[index] = EmbeddingRefusal.Create(reason);

        public GeneratedEmbeddings<Embedding<float>> ToEmbeddings() => new(_answers.Select(answer => answer!))
        {
            Usage = new UsageDetails { InputTokenCount = _usedTokens, TotalTokenCount = _usedTokens },
        };
    }
}
