using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// Splits a call of any size into requests that the provider accepts, and sends them concurrently. A refused request is split by the limit that
/// the refusal states, or else halved until the refused text is alone; its answer is an <see cref="EmbeddingRefusal"/>, and the others keep
/// their vectors. Limits that refusals show are kept for later requests, for a while. A request that the provider answers with the same failure each time,
/// while it answers other requests, is halved in the same way. When the provider counts more tokens than Quiver, texts may be too long and
/// some providers truncate them silently: that is logged once.
/// </summary>
internal sealed partial class BatchingEmbeddingGenerator : DelegatingEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Tokens around a text that services count and tokenizers may not.</summary>
    private const int SpecialTokens = 2;

    /// <summary>Equal answers after which a text of the request is suspected.</summary>
    private const int AnswersToSuspect = 3;

    /// <summary>Equal answers for a text alone after which it fails, each call followed by a control request that succeeds.</summary>
    private const int AnswersToRefuse = 6;
    private const int MinCallsToRefuse = 3;

    private readonly ProviderDescription _provider;
    private readonly EmbeddingModelInfo _model;
    private readonly ILogger _logger;
    private readonly LimitLearner _limits;
    private readonly SuspectRequests _suspects = new();
    private readonly int _callsToSuspect;
    private readonly int _callsToRefuse;
    private bool _hasCountedMore;

    public BatchingEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, ProviderDescription provider, TimeProvider time, ILogger logger)
        : base(inner)
    {
        _provider = provider;
        _model = provider.Model;
        _logger = logger;
        _limits = new LimitLearner(provider.Name, provider.Limits, time, logger);

        // One call makes several attempts.
        var attempts = provider.Resilience.Attempts;
        _callsToSuspect = CallsFor(AnswersToSuspect);
        _callsToRefuse = Math.Max(MinCallsToRefuse, CallsFor(AnswersToRefuse));

        int CallsFor(int answers) => (answers + attempts - 1) / attempts;
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(LearnedLimits) ? _limits.Learned : base.GetService(serviceType, serviceKey);

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        var call = new Call(texts, Array.ConvertAll(texts, text => _provider.Tokenizer.CountTokens(text)), EmbeddingCallContext.Of(options));
        var maxTokens = _provider.Limits.MaxTokensPerInput;
        List<int> sent = new(texts.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            if (call.Tokens[i] <= maxTokens)
            {
                sent.Add(i);
                continue;
            }

            // A provider might truncate it silently.
            call.Refuse(i, new InvalidDocumentException(
                ErrorCodes.DocumentTooLarge, $"A text has {call.Tokens[i]} tokens and the limit of the model {_model.Name} is {maxTokens}."));
        }

        await SendAllAsync(sent, call, isSuspect: false, cancellationToken);
        return call.ToEmbeddings();
    }

    /// <summary>Splits texts into requests within the limits and sends them concurrently.</summary>
    private Task SendAllAsync(IReadOnlyList<int> texts, Call call, bool isSuspect, CancellationToken cancellationToken) =>
        WaitForAllAsync([.. Plan(texts, call.Tokens).Select(request => SendAsync(request, call, isSuspect, cancellationToken))]);

    /// <summary>
    /// Splits texts into requests, each a list of indices in the order of the texts, so the same texts make the same requests after a failure.
    /// </summary>
    private List<ImmutableArray<int>> Plan(IReadOnlyList<int> texts, int[] tokens)
    {
        var (maxInputs, requestTokens, sharedTokens) = (_limits.MaxInputs, _limits.RequestTokens, _limits.SharedInputTokens);
        var requests = new List<ImmutableArray<int>>();
        var request = ImmutableArray.CreateBuilder<int>();
        var sum = 0L;
        foreach (var text in texts)
        {
            var isAlone = tokens[text] > sharedTokens;
            if (isAlone || request.Count == maxInputs || sum + tokens[text] > requestTokens)
            {
                End();
            }

            request.Add(text);
            sum += tokens[text];
            if (isAlone)
            {
                End();
            }
        }

        End();
        return requests;

        void End()
        {
            if (request.Count > 0)
            {
                requests.Add(request.ToImmutable());
                request.Clear();
                sum = 0;
            }
        }
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

    /// <summary>Sends a request and, if it is refused, parts of it.</summary>
    /// <param name="request">Its texts.</param>
    /// <param name="call">The call.</param>
    /// <param name="isSuspect">Whether it is part of a request that the provider failed to answer while it answered others.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>Whether the provider accepted the request as a whole.</returns>
    private async Task<bool> SendAsync(ImmutableArray<int> request, Call call, bool isSuspect, CancellationToken cancellationToken)
    {
        if (!_limits.Fits(call.TokensOf(request)))
        {
            // The limit was learned after the request was planned.
            await SendAllAsync(request, call, isSuspect, cancellationToken);
            return false;
        }

        if (request.Length > 1 && !_suspects.IsEmpty && _suspects.IsIsolated(call.KeyOf(request)))
        {
            await SendHalvesAsync(request, call, isSuspect: true, cancellationToken);
            return false;
        }

        try
        {
            await SendOnceAsync(request, call, cancellationToken);
            return true;
        }
        catch (QuiverException exception) when (exception.Kind == FaultKind.InvalidInput)
        {
            await SplitAsync(request, call, exception, isSuspect, cancellationToken);
            return false;
        }
        catch (QuiverException exception) when (SuspectRequests.CanBeDueToText(exception))
        {
            var calls = _suspects.Failed(call.KeyOf(request), exception);
            if (request.Length == 1 && (isSuspect || calls >= _callsToSuspect))
            {
                return await ConfirmAsync(request, call, exception, cancellationToken);
            }

            if ((!isSuspect && calls < _callsToSuspect) || !await AnswersOthersAsync(call, cancellationToken))
            {
                throw;
            }

            if (!isSuspect)
            {
                LogIsolating(_logger, _provider.Name, request.Length, exception.Message);
            }

            _suspects.Isolate(call.KeyOf(request));
            await SendHalvesAsync(request, call, isSuspect: true, cancellationToken);
            return false;
        }
    }

    /// <summary>Splits a refused request: by the limit that the refusal states, or else into halves.</summary>
    private async Task SplitAsync(ImmutableArray<int> request, Call call, QuiverException refusal, bool isSuspect, CancellationToken cancellationToken)
    {
        if (refusal is ProviderLimitException stated)
        {
            _limits.Stated(stated.Limits);
            refusal = new InvalidDocumentException(stated.Code, stated.Message, stated);
        }

        var tokens = call.TokensOf(request);
        if (!_limits.Fits(tokens))
        {
            await SendAllAsync(request, call, isSuspect, cancellationToken);
        }
        else if (request.Length == 1)
        {
            call.Refuse(request[0], refusal);
        }
        else if (await SendHalvesAsync(request, call, isSuspect, cancellationToken) && refusal.Code == ErrorCodes.RefusedText)
        {
            var half = request.Length / 2;
            var sums = (First: tokens.Take(half).Sum(), Second: tokens.Skip(half).Sum());
            _limits.Halved(request.Length, sums.First + sums.Second, request.Length - half, Math.Max(sums.First, sums.Second));
        }
    }

    /// <returns>Whether the provider accepted each half as a whole.</returns>
    private async Task<bool> SendHalvesAsync(ImmutableArray<int> request, Call call, bool isSuspect, CancellationToken cancellationToken)
    {
        var half = request.Length / 2;
        var first = await SendAsync(request[..half], call, isSuspect, cancellationToken);
        var second = await SendAsync(request[half..], call, isSuspect, cancellationToken);
        return first && second;
    }

    /// <summary>
    /// Decides whether a text alone fails: only when it fails in the same way several times, and the provider answers another request after
    /// each of them. In an outage that is not so, and the failure is thrown.
    /// </summary>
    /// <returns>Whether the provider accepted the text after all.</returns>
    private async Task<bool> ConfirmAsync(ImmutableArray<int> text, Call call, QuiverException failure, CancellationToken cancellationToken)
    {
        for (var calls = 1; ; calls++)
        {
            if (!await AnswersOthersAsync(call, cancellationToken))
            {
                throw failure;
            }

            if (calls >= _callsToRefuse)
            {
                call.Refuse(text[0], new InvalidDocumentException(
                    ErrorCodes.RefusedText,
                    $"The provider {_provider.Name} fails with this text each time, while it answers other requests: {failure.Message}",
                    failure));
                return false;
            }

            try
            {
                await SendOnceAsync(text, call, cancellationToken);
                return true;
            }
            catch (QuiverException exception) when (SuspectRequests.CanBeDueToText(exception) && SuspectRequests.AreEqual(exception, failure))
            {
                failure = exception;
            }
            catch (QuiverException exception) when (exception.Kind == FaultKind.InvalidInput)
            {
                await SplitAsync(text, call, exception, isSuspect: true, cancellationToken);
                return false;
            }
        }
    }

    private async Task<bool> AnswersOthersAsync(Call call, CancellationToken cancellationToken) =>
        await ControlRequest.SendAsync(InnerGenerator, _model, call.Context, cancellationToken) is null;

    private async Task SendOnceAsync(ImmutableArray<int> request, Call call, CancellationToken cancellationToken)
    {
        var sum = call.TokensOf(request).Sum();
        var embeddings = await base.GenerateAsync(request.Select(index => call.Texts[index]), call.Context.ForRequest(sum).ToOptions(), cancellationToken);
        EmbeddingValidator.Validate(embeddings, request.Length, _model);
        if (embeddings.Usage?.InputTokenCount is { } counted
            && counted > sum + (SpecialTokens * request.Length)
            && !Interlocked.Exchange(ref _hasCountedMore, true))
        {
            LogCountedMore(_logger, _provider.Name, counted, sum);
        }

        _limits.Accepted(request.Length, sum);
        if (!_suspects.IsEmpty)
        {
            _suspects.Answered(call.KeyOf(request));
        }

        call.Answer(request, embeddings, embeddings.Usage?.InputTokenCount ?? sum);
    }

    [LoggerMessage(
        EventId = 3111,
        Level = LogLevel.Warning,
        Message = "The provider {Provider} counted {Counted} tokens and Quiver {Estimated}: the provider may truncate texts. "
            + "Set Quiver:Providers:{Provider}:Tokenizer to the model's tokenizer, or lower MaxTokensPerInput.")]
    private static partial void LogCountedMore(ILogger logger, string provider, long counted, int estimated);

    [LoggerMessage(
        EventId = 3113,
        Level = LogLevel.Warning,
        Message = "The provider {Provider} answers a request of {Texts} texts with the same failure each time, and answers other requests: "
            + "Quiver halves the request until it finds the text. {Failure}")]
    private static partial void LogIsolating(ILogger logger, string provider, int texts, string failure);

    /// <summary>A call's texts and its answer, which is put together from those of the requests. Requests write to different indices.</summary>
    private sealed class Call(string[] texts, int[] tokens, EmbeddingCallContext context)
    {
        private readonly Embedding<float>?[] _answers = new Embedding<float>?[texts.Length];
        private long _usedTokens;

        public string[] Texts => texts;

        public int[] Tokens => tokens;

        public EmbeddingCallContext Context => context;

        public int[] TokensOf(ImmutableArray<int> request) => [.. request.Select(index => tokens[index])];

        /// <summary>Identifies a request by its texts.</summary>
        public string KeyOf(ImmutableArray<int> request) => TextHash.OfAll(request.Select(index => texts[index]));

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
