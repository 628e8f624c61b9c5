using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>A vector store's faults at random, every kind that can befall a right request.</summary>
internal sealed class StoreStorm(Random random)
{
    private const int Calm = 20;

    /// <summary>What no right request gets by chance.</summary>
    private static readonly ImmutableArray<StandInFault> Judgements = [StandInFault.TooLarge413, StandInFault.Invalid];

    public Deck<StandInFault> Faults { get; } = new(
        random,
        [.. Enum.GetValues<StandInFault>().Except([StandInFault.QuotaFull, StandInFault.DiskFull, .. Judgements]), .. Enumerable.Repeat(StandInFault.None, Calm)]);

    /// <summary>The kinds that have not come yet.</summary>
    public IEnumerable<StandInFault> Missing => Enum.GetValues<StandInFault>().Except(Faults.Drawn.Keys).Except(Judgements);

    public StandInFault Next(StandInRequest request) => Faults.Draw(fault => Fits(fault, request));

    /// <summary>Only writes are acknowledged or find no room; and silence is kept to them, because everything else is waited for longer than a test may take.</summary>
    private static bool Fits(StandInFault fault, StandInRequest request) => fault switch
    {
        StandInFault.AcknowledgedThenLost or StandInFault.QuotaFull or StandInFault.DiskFull or StandInFault.SilenceBefore or StandInFault.SilenceAfter => request.ChangesPoints,
        _ => true,
    };
}
