namespace Quiver.Embedded.Calls;

/// <summary>How the calls of a method take their turn.</summary>
[Flags]
public enum CallKinds
{
    /// <summary>One at a time.</summary>
    None = 0,

    /// <summary>Beside other read-only calls.</summary>
    ReadOnly = 1,

    /// <summary>Beside any other call.</summary>
    AlwaysInterleave = 2,

    /// <summary>The caller does not wait.</summary>
    OneWay = 4,

    /// <summary>Belongs to one activation: it ends with it instead of moving on to the next.</summary>
    Bound = 8,

    /// <summary>Does not count as use of the grain.</summary>
    Idle = 16,

    /// <summary>Has no response timeout.</summary>
    Unbounded = 32,
}
