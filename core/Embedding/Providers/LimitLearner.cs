using Microsoft.Extensions.Logging;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// The limits of a provider's requests: the configured ones, and lower ones that its refusals have shown. A limit that was learned doubles with
/// each hour, up to the configured one, because a service may get other settings or have been overloaded; the next refusal lowers it again.
/// Each lowered limit is logged once. Thread-safe.
/// </summary>
internal sealed partial class LimitLearner(string provider, ProviderLimits configured, TimeProvider time, ILogger logger)
{
    /// <summary>How long a limit that was learned holds until twice as much is tried.</summary>
    public static readonly TimeSpan GrowthInterval = TimeSpan.FromHours(1);

    private const int MaxLogged = 64;

    private readonly Lock _lock = new();
    private readonly HashSet<(string Setting, int Limit)> _logged = [];
    private volatile Limit? _inputs;
    private volatile Limit? _requestTokens;
    private volatile Limit? _inputTokens;

    // The largest accepted requests, by either measure: a refused request within one of them is not refused for that measure.
    private int _acceptedInputs;
    private long _acceptedTokens;

    /// <summary>The limits that refusals have shown, as they are now; null for none.</summary>
    public LearnedLimits? Learned
    {
        get
        {
            var learned = new LearnedLimits
            {
                MaxInputs = Below(MaxInputs, configured.MaxInputs),
                MaxTokensPerRequest = Below(RequestTokens, configured.RequestTokens),
                MaxTokensPerInput = Below(SharedInputTokens, int.MaxValue),
            };
            return learned == new LearnedLimits() ? null : learned;

            static int? Below(int limit, int most) => limit < most ? limit : null;
        }
    }

    /// <summary>Texts in a request.</summary>
    public int MaxInputs => Present(_inputs, configured.MaxInputs) ?? configured.MaxInputs;

    /// <summary>Tokens up to which a request is filled; a longer text gets a request of its own.</summary>
    public int RequestTokens => Present(_requestTokens, configured.RequestTokens) ?? configured.RequestTokens;

    /// <summary>
    /// Tokens of a text that shares its request with others. A longer one is sent alone: the provider may count fewer tokens than Quiver, and
    /// its refusal must cost no other text a request.
    /// </summary>
    public int SharedInputTokens => Present(_inputTokens, configured.MaxTokensPerInput) ?? int.MaxValue;

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

    /// <summary>The limit as it is now; null when it has grown to the configured one.</summary>
    private int? Present(Limit? learned, int most)
    {
        if (learned is null)
        {
            return null;
        }

        var doublings = Math.Min(30, (int)(time.GetElapsedTime(learned.LearnedAt) / GrowthInterval));
        var limit = (long)learned.Value << doublings;
        return limit < most ? (int)limit : null;
    }

    private void LowerInputs(int? limit)
    {
        if (limit is { } lower && lower >= 1 && lower < MaxInputs)
        {
            _inputs = Learn(lower, "texts in a request", nameof(ProviderLimits.MaxInputs));
        }
    }

    private void LowerRequestTokens(int? limit)
    {
        if (limit is { } lower && lower >= 1 && lower < RequestTokens)
        {
            _requestTokens = Learn(lower, "tokens in a request", nameof(ProviderLimits.MaxTokensPerRequest));
        }
    }

    private void LowerInputTokens(int? limit)
    {
        if (limit is { } lower && lower >= 1 && lower < Math.Min(configured.MaxTokensPerInput, SharedInputTokens))
        {
            _inputTokens = Learn(lower, "tokens in a text", nameof(ProviderLimits.MaxTokensPerInput));
        }
    }

    private Limit Learn(int value, string unit, string setting)
    {
        if (_logged.Count >= MaxLogged)
        {
            _logged.Clear();
        }

        if (_logged.Add((setting, value)))
        {
            LogLowered(logger, provider, value, unit, setting);
        }

        return new(value, time.GetTimestamp());
    }

    [LoggerMessage(
        EventId = 3112,
        Level = LogLevel.Warning,
        Message = "The provider {Provider} refuses more than {Limit} {Unit}: Quiver keeps to that for an hour, then tries more. "
            + "To keep to it, set Quiver:Providers:{Provider}:{Setting} to {Limit}.")]
    private static partial void LogLowered(ILogger logger, string provider, int limit, string unit, string setting);

    /// <summary>A limit that a refusal has shown.</summary>
    /// <param name="Value">Texts or tokens.</param>
    /// <param name="LearnedAt">When: a timestamp of the clock.</param>
    private sealed record Limit(int Value, long LearnedAt);
}
