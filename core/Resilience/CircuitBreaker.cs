namespace Quiver.Core.Resilience;

/// <summary>
/// Leaves a provider alone that failed several times in a row, and lets single trials through after a while. Who is turned away is told as
/// by a throttled provider, so that no attempt is consumed. Thread-safe.
/// </summary>
internal sealed class CircuitBreaker(string provider, int failuresToOpen, TimeSpan breakDuration, TimeProvider time, Random random)
{
    private const int MostBreaks = 8;
    private static readonly TimeSpan DuringTrial = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _failures;
    private int _breaks = 1;
    private DateTimeOffset? _failingSince;
    private DateTimeOffset? _openUntil;
    private string _reason = "";
    private bool _onTrial;

    /// <summary>Why the provider is left alone; null while it is not.</summary>
    public string? Fault
    {
        get
        {
            lock (_lock)
            {
                return _openUntil is null ? null : Describe();
            }
        }
    }

    /// <summary>Asks to send a request.</summary>
    /// <returns>True for a trial, whose end must be told whatever it is.</returns>
    /// <exception cref="ThrottledException">With <see cref="ErrorCodes.ProviderCircuitOpen"/>: not now.</exception>
    public bool Enter()
    {
        lock (_lock)
        {
            if (_openUntil is not { } until)
            {
                return false;
            }

            var wait = until - time.GetUtcNow();
            if (wait > TimeSpan.Zero || _onTrial)
            {
                throw TurnAway(wait > TimeSpan.Zero ? wait : DuringTrial, null);
            }

            return _onTrial = true;
        }
    }

    /// <summary>The provider answered.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            (_failures, _breaks, _failingSince, _openUntil, _onTrial) = (0, 1, null, null, false);
        }
    }

    /// <summary>A trial ended without saying anything about the provider.</summary>
    public void TrialEnded()
    {
        lock (_lock)
        {
            _onTrial = false;
        }
    }

    /// <summary>The provider failed.</summary>
    /// <param name="error">How.</param>
    /// <param name="trial">What <see cref="Enter"/> gave.</param>
    /// <returns>What to throw instead, when the provider is left alone from now on or was already.</returns>
    public ThrottledException? Failed(QuiverException error, bool trial)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            _failingSince ??= now;
            _failures++;
            if (trial)
            {
                _onTrial = false;
                _breaks = Math.Min(MostBreaks, _breaks * 2);
            }

            if (trial || (_openUntil is null && _failures >= failuresToOpen))
            {
                _reason = error.Message;
                _openUntil = now + (breakDuration * _breaks);
            }

            return _openUntil is { } until ? TurnAway(until > now ? until - now : DuringTrial, error) : null;
        }
    }

    // Not all at the same moment: the first to come back is the trial.
    private ThrottledException TurnAway(TimeSpan wait, QuiverException? cause) =>
        new(ErrorCodes.ProviderCircuitOpen, Describe(), cause) { RetryAfter = wait + (DuringTrial * random.NextDouble()) };

    private string Describe() => $"The provider {provider} has failed {_failures} times since {_failingSince:HH:mm:ss} UTC and is left alone until {_openUntil:HH:mm:ss}. The last failure: {_reason}";
}
