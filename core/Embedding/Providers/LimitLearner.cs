using Microsoft.Extensions.Logging;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// The limits of a provider's requests: the configured ones, and lower ones that its refusals have shown, which are kept until the process
/// ends. Each lowered limit is logged once. Thread-safe.
/// </summary>
internal sealed partial class LimitLearner(string provider, ProviderLimits configured, ILogger logger)
{
    private readonly Lock _lock = new();
    private volatile LearnedLimits? _learned;

    // The largest accepted requests, by either measure: a refused request within one of them is not refused for that measure.
    private int _acceptedInputs;
    private long _acceptedTokens;

    /// <summary>The limits that refusals have shown; null for none.</summary>
    public LearnedLimits? Learned => _learned;

    /// <summary>Texts in a request.</summary>
    public int MaxInputs => Math.Min(configured.MaxInputs, _learned?.MaxInputs ?? int.MaxValue);

    /// <summary>Tokens up to which a request is filled; a longer text gets a request of its own.</summary>
    public int RequestTokens => Math.Min(configured.RequestTokens, _learned?.MaxTokensPerRequest ?? int.MaxValue);

    /// <summary>
    /// Tokens of a text that shares its request with others. A longer one is sent alone: the provider may count fewer tokens than Quiver, and
    /// its refusal must cost no other text a request.
    /// </summary>
    public int SharedInputTokens => _learned?.MaxTokensPerInput ?? int.MaxValue;

    /// <summary>Whether a request is within the limits; one of a single text is.</summary>
    /// <param name="tokens">The tokens of its texts.</param>
    public bool Fits(IReadOnlyCollection<int> tokens) =>
        tokens.Count == 1 || (tokens.Count <= MaxInputs && tokens.Sum(static count => (long)count) <= RequestTokens && tokens.Max() <= SharedInputTokens);

    /// <summary>Notes an accepted request.</summary>
    /// <param name="inputs">Its texts.</param>
    /// <param name="tokens">Its tokens.</param>
    public void Accepted(int inputs, long tokens)
    {
        if (inputs > Volatile.Read(ref _acceptedInputs) || tokens > Volatile.Read(ref _acceptedTokens))
        {
            lock (_lock)
            {
                _acceptedInputs = Math.Max(_acceptedInputs, inputs);
                _acceptedTokens = Math.Max(_acceptedTokens, tokens);
            }
        }
    }

    /// <summary>Keeps the limits that the provider stated in a refusal; not one of texts that it has exceeded itself.</summary>
    /// <param name="limits">The limits.</param>
    public void Stated(StatedLimits limits)
    {
        lock (_lock)
        {
            LowerInputs(limits.MaxInputs >= _acceptedInputs ? limits.MaxInputs : null);
            LowerRequestTokens(limits.MaxTokensPerRequest);
            LowerInputTokens(limits.MaxTokensPerInput);
        }
    }

    /// <summary>
    /// Concludes a limit that the provider did not state: it refused a request and then accepted both halves of it, so the size was the cause
    /// and no text of it. Where requests with as many texts were accepted before, the tokens were too many; where requests with as many
    /// tokens were accepted too, neither was.
    /// </summary>
    /// <param name="inputs">Texts of the refused request, 2 or more.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="acceptedInputs">Texts of the larger half.</param>
    /// <param name="acceptedTokens">Tokens of the half with more of them.</param>
    public void Halved(int inputs, long tokens, int acceptedInputs, long acceptedTokens)
    {
        lock (_lock)
        {
            if (_acceptedInputs < inputs)
            {
                LowerInputs(acceptedInputs);
            }
            else if (_acceptedTokens < tokens)
            {
                LowerRequestTokens((int)Math.Clamp(acceptedTokens, 1, int.MaxValue));
            }
        }
    }

    private void LowerInputs(int? limit)
    {
        if (limit is { } lower && lower >= 1 && lower < MaxInputs)
        {
            _learned = (_learned ?? new()) with { MaxInputs = lower };
            LogLowered(logger, provider, lower, "texts in a request", nameof(ProviderLimits.MaxInputs));
        }
    }

    private void LowerRequestTokens(int? limit)
    {
        if (limit is { } lower && lower >= 1 && lower < RequestTokens)
        {
            _learned = (_learned ?? new()) with { MaxTokensPerRequest = lower };
            LogLowered(logger, provider, lower, "tokens in a request", nameof(ProviderLimits.MaxTokensPerRequest));
        }
    }

    private void LowerInputTokens(int? limit)
    {
        if (limit is { } lower && lower >= 1 && lower < Math.Min(configured.MaxTokensPerInput, SharedInputTokens))
        {
            _learned = (_learned ?? new()) with { MaxTokensPerInput = lower };
            LogLowered(logger, provider, lower, "tokens in a text", nameof(ProviderLimits.MaxTokensPerInput));
        }
    }

    [LoggerMessage(
        EventId = 3112,
        Level = LogLevel.Warning,
        Message = "The provider {Provider} refuses more than {Limit} {Unit}: Quiver keeps to that until this process ends. "
            + "To keep it, set Quiver:Providers:{Provider}:{Setting} to {Limit}.")]
    private static partial void LogLowered(ILogger logger, string provider, int limit, string unit, string setting);
}
