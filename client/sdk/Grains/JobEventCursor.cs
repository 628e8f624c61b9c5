namespace Quiver.Client.Grains;

/// <summary>Puts events of two origins, the ledger and the stream, into one order, each once. Not thread-safe.</summary>
/// <param name="last">The sequence number to go on after.</param>
internal sealed class JobEventCursor(long last)
{
    /// <summary>The sequence number of the last event given out.</summary>
    public long Last { get; private set; } = last;

    /// <summary>A live event that came before its predecessors; null when there is none.</summary>
    public JobEvent? Ahead { get; private set; }

    /// <summary>True while events before <see cref="Ahead"/> are missing.</summary>
    public bool HasGap => Ahead is not null && Ahead.Sequence > Last + 1;

    /// <summary>Takes an event whatever is missing before it; false when it was given out already.</summary>
    public bool Advance(JobEvent item)
    {
        if (Ahead is not null && Ahead.Sequence <= item.Sequence)
        {
            Ahead = null;
        }

        if (item.Sequence <= Last)
        {
            return false;
        }

        Last = item.Sequence;
        return true;
    }

    /// <summary>Takes a live event when it is the next; otherwise it is a repeat, or from now on <see cref="Ahead"/>.</summary>
    public bool AcceptLive(JobEvent item)
    {
        if (item.Sequence == Last + 1)
        {
            return Advance(item);
        }

        if (item.Sequence > Last)
        {
            Ahead = item;
        }

        return false;
    }
}
