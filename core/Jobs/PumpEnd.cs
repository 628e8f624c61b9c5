namespace Quiver.Core.Jobs;

/// <summary>Why a pump came to rest without an error.</summary>
internal enum PumpEnd
{
    /// <summary>The source ended and everything read is stored and checkpointed.</summary>
    SourceEnded = 1,

    /// <summary>It was told to stop; what was in flight is stored and checkpointed, or will be done again.</summary>
    Stopped = 2,
}
