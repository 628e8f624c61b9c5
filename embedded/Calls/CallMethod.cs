namespace Quiver.Embedded.Calls;

/// <summary>What the runtime knows about a grain interface's method; generated proxies hold one of each.</summary>
/// <param name="name">Interface and method, for messages.</param>
/// <param name="kinds">How its calls take their turn.</param>
/// <param name="timeoutTicks">Its own response timeout in ticks of 100 ns; 0 takes the silo's.</param>
public sealed class CallMethod(string name, CallKinds kinds = CallKinds.None, long timeoutTicks = 0)
{
    /// <summary>Interface and method, for messages.</summary>
    public string Name { get; } = name;

    internal bool ReadOnly { get; } = (kinds & CallKinds.ReadOnly) != 0;

    internal bool AlwaysInterleave { get; } = (kinds & CallKinds.AlwaysInterleave) != 0;

    internal bool OneWay { get; } = (kinds & CallKinds.OneWay) != 0;

    internal bool Bound { get; } = (kinds & CallKinds.Bound) != 0;

    internal bool CountsAsUse { get; } = (kinds & CallKinds.Idle) == 0;

    internal bool Unbounded { get; } = (kinds & CallKinds.Unbounded) != 0;

    internal long TimeoutTicks { get; } = timeoutTicks;
}
