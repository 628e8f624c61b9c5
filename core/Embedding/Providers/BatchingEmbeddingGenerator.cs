using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// Makes requests that the provider takes out of a call of any size, and sends them at once. A request that is refused is halved until the
/// guilty text stands alone; its place gets an <see cref="EmbeddingRefusal"/>, and the others keep their vectors. A provider that counts more
/// tokens than were counted here may have been sent too long a text, and there are some that cut it without a word: that is said once.
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
        var tokens = Array.ConvertAll(texts, text => provider.Tokenizer.CountTokens(text));
        var answer = new RequestAnswers(texts.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            if (tokens[i] > _limits.MaxTokensPerInput)
            {
                // A provider might cut it without a word.
                answer.Refuse(i, new InvalidDocumentException(
                    ErrorCodes.DocumentTooLarge, $"A text has {tokens[i]} tokens and the model {_model.Name} takes {_limits.MaxTokensPerInput}."));
            }
        }

        var requests = RequestPlanner.Plan(tokens, _limits);
        await SendAllAsync([.. requests.Select(request => SendAsync(request, texts, tokens, answer, options, cancellationToken))]);
        return answer.ToEmbeddings();
    }

    /// <summary>Waits for all: what the others got is kept by then. Of several faults the one that says most is thrown.</summary>
    private static async Task SendAllAsync(Task[] requests)
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

    private async Task SendAsync(
        ImmutableArray<int> request, string[] texts, int[] tokens, RequestAnswers answer, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            await SendOnceAsync(request, texts, tokens, answer, options, cancellationToken);
        }
        catch (QuiverException e) when (e.Kind == FaultKind.InvalidInput && request.Length > 1)
        {
            var half = request.Length / 2;
            await SendAsync(request[..half], texts, tokens, answer, options, cancellationToken);
            await SendAsync(request[half..], texts, tokens, answer, options, cancellationToken);
        }
        catch (QuiverException e) when (e.Kind == FaultKind.InvalidInput)
        {
            answer.Refuse(request[0], e);
        }
    }

    private async Task SendOnceAsync(
        ImmutableArray<int> request, string[] texts, int[] tokens, RequestAnswers answer, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        var sum = request.Sum(place => tokens[place]);
        var embeddings = await base.GenerateAsync(request.Select(place => texts[place]), EmbeddingRequestNotes.ForRequest(options, sum), cancellationToken);
        EmbeddingValidator.Validate(embeddings, request.Length, _model);
        if (embeddings.Usage?.InputTokenCount is { } counted && counted > sum + (SpecialTokens * request.Length) && !Interlocked.Exchange(ref _hasCountedMore, true))
        {
            LogCountedMore(logger, provider.Name, counted, sum);
        }

        answer.Answered(request, embeddings, embeddings.Usage?.InputTokenCount ?? sum);
    }

    [LoggerMessage(
        EventId = 3111,
        Level = LogLevel.Warning,
        Message = "The provider {Provider} counted {Counted} tokens where Quiver had counted {Estimated}: texts may be longer than the model takes, and be cut there. Set Quiver:Providers:{Provider}:Tokenizer to the model's own, or lower MaxTokensPerInput.")]
    private static partial void LogCountedMore(ILogger logger, string provider, long counted, int estimated);
}
