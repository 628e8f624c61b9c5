namespace Orleans.Streams;

/// <summary>An item's place in its stream.</summary>
public abstract class StreamSequenceToken
{
    /// <summary>The number of the item; a gap says that items were dropped.</summary>
    public abstract long SequenceNumber { get; protected set; }

    /// <summary>The place within a batch.</summary>
    public abstract int EventIndex { get; protected set; }
}
