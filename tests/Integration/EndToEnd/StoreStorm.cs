using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>A vector store's faults at random, every kind of them.</summary>
internal sealed class StoreStorm(Random random)
{
    private const int Calm = 20;

    public Deck<StandInFault> Faults { get; } = new(
        random,
        [.. Enum.GetValues<StandInFault>().Where(static fault => fault != StandInFault.Full507), .. Enumerable.Repeat(StandInFault.None, Calm)]);

    public StandInFault Next(StandInRequest request) => Faults.Draw(fault => Fits(fault, request));

    /// <summary>Only writes are acknowledged or find no room; and silence is kept to them, because everything else is waited for longer than a test may take.</summary>
    private static bool Fits(StandInFault fault, StandInRequest request) => fault switch
    {
        StandInFault.AcknowledgedThenLost or StandInFault.Full507 or StandInFault.SilenceBefore or StandInFault.SilenceAfter => request.ChangesPoints,
        _ => true,
    };
}
