namespace Quiver.Adapters.Storage.Ledger;

/// <summary>How much a ledger keeps.</summary>
public sealed class LedgerOptions
{
    internal const int HighestMaxEventsPerJob = 1_000_000;
    internal const int HighestMaxFailuresPerJob = 10_000_000;

    /// <summary>Events kept per job; the oldest are dropped beyond it. 1 to 1,000,000. Default: 10,000.</summary>
    public int MaxEventsPerJob { get; set; } = 10_000;

    /// <summary>Failed documents kept per job; further ones are only counted by the job. 1 to 10,000,000. Default: 100,000.</summary>
    public int MaxFailuresPerJob { get; set; } = 100_000;
}
