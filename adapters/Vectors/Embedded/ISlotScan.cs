namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Work that several threads share.</summary>
internal interface ISlotScan
{
    /// <summary>Blocks to be looked at.</summary>
    int Blocks { get; }

    /// <summary>Takes blocks until none is left, or the caller gave up.</summary>
    void RunBlocks();
}
