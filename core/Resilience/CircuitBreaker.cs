namespace Quiver.Core.Resilience;

/// <summary>
/// Sends a provider no requests after several failures in a row, then lets single trial requests through. It opens, and stays open after a
/// trial, only when the provider does not answer another request either: a text that always fails is no outage. Rejected requests get a
/// throttled fault, which consumes no attempt. Thread-safe.
/// </summary>
/// <param name="provider">The provider's name, for messages.</param>
/// <param name="failuresToOpen">Failures in a row that open the circuit.</param>
/// <param name="breakDuration">How long the circuit stays open at first; doubles with each failed trial, up to eight times as long.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Jitter.</param>
internal sealed class CircuitBreaker(string provider, int failuresToOpen, TimeSpan breakDuration, TimeProvider time, Random random)
{
    private const int MaxBreakFactor = 8;
    private static readonly TimeSpan DuringTrial = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _failures;
    private int _breakFactor = 1;
    private DateTimeOffset? _failingSince;
    private DateTimeOffset? _openUntil;
    private string _reason = "";
    private bool _onTrial;

    /// <summary>Why the circuit is open; null while it is closed.</summary>
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

    /// <summary>Admits a request.</summary>
    /// <returns>True for a trial request, whose end must be reported whatever it is.</returns>
    /// <exception cref="ThrottledException">With <see cref="ErrorCodes.ProviderCircuitOpen"/>: the circuit is open.</exception>
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
                throw Reject(wait > TimeSpan.Zero ? wait : DuringTrial, null);
            }

            return _onTrial = true;
        }
    }

    /// <summary>The provider answered: closes the circuit.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            (_failures, _breakFactor, _failingSince, _openUntil, _onTrial) = (0, 1, null, null, false);
        }
    }

    /// <summary>A trial request, or the check after <see cref="Failed"/>, ended with a result that says nothing about the provider.</summary>
    public void TrialEnded()
    {
        lock (_lock)
        {
            _onTrial = false;
        }
    }

    /// <summary>A request failed.</summary>
    /// <param name="fault">The failure.</param>
    /// <param name="trial">The result of <see cref="Enter"/>.</param>
    /// <param name="rejection">What to throw instead of the failure when the circuit is open; null while it is closed.</param>
    /// <returns>
    /// True when the circuit would open, or stay open: the caller checks whether the provider answers another request, and reports that by
    /// <see cref="Succeeded"/>, <see cref="Open"/> or <see cref="TrialEnded"/>. Only one caller at a time has to.
    /// </returns>
    public bool Failed(QuiverException fault, bool trial, out ThrottledException? rejection)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            _failingSince ??= now;
            _failures++;
            if (trial || (_openUntil is null && _failures >= failuresToOpen && !_onTrial))
            {
                _onTrial = true;
                rejection = null;
                return true;
            }

            rejection = _openUntil is { } until ? Reject(until > now ? until - now : DuringTrial, fault) : null;
            return false;
        }
    }

    /// <summary>The provider does not answer another request either: opens the circuit, for longer when it was open before.</summary>
    /// <param name="fault">The failure.</param>
    /// <returns>What to throw instead of the failure.</returns>
    public ThrottledException Open(QuiverException fault)
    {
        lock (_lock)
        {
            _onTrial = false;
            _breakFactor = _openUntil is null ? 1 : Math.Min(MaxBreakFactor, _breakFactor * 2);
            _reason = fault.Message;
            _openUntil = time.GetUtcNow() + (breakDuration * _breakFactor);
            return Reject(_openUntil.Value - time.GetUtcNow(), fault);
        }
    }

    // With jitter: the first request to come back is the trial.
    private ThrottledException Reject(TimeSpan wait, QuiverException? cause) =>
        new(ErrorCodes.ProviderCircuitOpen, Describe(), cause) { RetryAfter = wait + (DuringTrial * random.NextDouble()) };

    private string Describe() =>
        $"The provider {provider} has failed {_failures} times since {_failingSince:HH:mm:ss} UTC and gets no requests until {_openUntil:HH:mm:ss}. "
        + $"The last failure: {_reason}";
}
