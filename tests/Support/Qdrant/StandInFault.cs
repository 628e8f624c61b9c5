namespace Quiver.Tests.Support.Qdrant;

/// <summary>What may go wrong with one request.</summary>
internal enum StandInFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>429 with Retry-After; nothing is applied.</summary>
    Throttle,

    /// <summary>500 before anything is applied.</summary>
    Error500,

    /// <summary>500 after everything is applied.</summary>
    Error500After,

    /// <summary>503 before anything is applied.</summary>
    Error503,

    /// <summary>507: no room left; nothing is applied.</summary>
    Full507,

    /// <summary>408 after everything is applied, as when a shard is slow.</summary>
    Error408After,

    /// <summary>No answer; nothing is applied.</summary>
    SilenceBefore,

    /// <summary>No answer; everything is applied.</summary>
    SilenceAfter,

    /// <summary>The connection breaks before anything is applied.</summary>
    CutBefore,

    /// <summary>The connection breaks in the middle of the answer; everything is applied.</summary>
    CutInAnswer,

    /// <summary>The answer says "acknowledged" although it was to be waited for, and nothing is ever applied.</summary>
    AcknowledgedThenLost,

    /// <summary>The answer says "wait_timeout": it took longer than may be waited for, and is applied later.</summary>
    WaitTimeout,

    /// <summary>413, as whoever stands in front of a server says it; nothing is applied.</summary>
    TooLarge413,

    /// <summary>422: the body is understood and not allowed; nothing is applied.</summary>
    Invalid422,
}
