using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>A vector store's faults at random, every kind of them.</summary>
internal sealed class StoreStorm(Random random)
{
    private const int Calm = 20;

    /// <summary>What says that a request is wrong: with none that is, a document or the job would fail for nothing.</summary>
    public static IEnumerable<StandInFault> Never { get; } = [StandInFault.TooLarge413, StandInFault.Invalid422];

    public Deck<StandInFault> Faults { get; } = new(
        random,
        [.. Enum.GetValues<StandInFault>().Except([StandInFault.Full507, .. Never]), .. Enumerable.Repeat(StandInFault.None, Calm)]);

    public StandInFault Next(StandInRequest request) => Faults.Draw(fault => Fits(fault, request));

    /// <summary>Only writes are acknowledged, take too long or find no room; and silence is kept to them, because everything else is waited for longer than a test may take.</summary>
    private static bool Fits(StandInFault fault, StandInRequest request) => fault switch
    {
        StandInFault.AcknowledgedThenLost or StandInFault.WaitTimeout or StandInFault.Full507 or StandInFault.SilenceBefore or StandInFault.SilenceAfter => request.ChangesPoints,
        _ => true,
    };
}
