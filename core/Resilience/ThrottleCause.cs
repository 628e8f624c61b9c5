namespace Quiver.Core.Resilience;

/// <summary>Why a request is throttled. Derived from the error code, which is what crosses process boundaries.</summary>
internal enum ThrottleCause
{
    /// <summary>The fault is not a throttle.</summary>
    None = 0,

    /// <summary>A remote side other than an embedding provider asks to slow down: a vector store, a source.</summary>
    Remote = 1,

    /// <summary>The embedding provider asks to slow down.</summary>
    Provider = 2,

    /// <summary>The provider's circuit is open.</summary>
    CircuitOpen = 3,

    /// <summary>Quiver's own budget for the provider, or the pace that it found, has no room for the request.</summary>
    Budget = 4,

    /// <summary>The limit of concurrent requests of this silo is reached.</summary>
    Concurrency = 5,

    /// <summary>A quota of the provider per day or month is used up; the job pauses until it resets.</summary>
    Quota = 6,
}

/// <summary>The one place that maps error codes to causes.</summary>
internal static class ThrottleCauses
{
    /// <summary>The cause of a throttled fault; <see cref="ThrottleCause.None"/> for any other fault.</summary>
    public static ThrottleCause Of(QuiverException fault) => fault.Kind != FaultKind.Throttled
        ? ThrottleCause.None
        : fault.Code switch
        {
            ErrorCodes.ProviderThrottled => ThrottleCause.Provider,
            ErrorCodes.ProviderCircuitOpen => ThrottleCause.CircuitOpen,
            ErrorCodes.ProviderBudgetSpent => ThrottleCause.Budget,
            ErrorCodes.ProviderBusy => ThrottleCause.Concurrency,
            ErrorCodes.ProviderQuotaSpent => ThrottleCause.Quota,
            _ => ThrottleCause.Remote,
        };
}
