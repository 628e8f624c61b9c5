namespace Quiver.Core.Jobs;

/// <summary>The ids of the documents in flight: never two batches at a time with the same one. Not thread-safe; bounded by the batches in flight.</summary>
internal sealed class DocumentsInFlight
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    /// <summary>Notes a batch's documents, unless one of them is in flight already.</summary>
    public bool TryEnter(SourceBatch batch)
    {
        foreach (var item in batch.Items)
        {
            if (item.FaultCode is null && _ids.Contains(item.Id))
            {
                return false;
            }
        }

        foreach (var item in batch.Items)
        {
            if (item.FaultCode is null)
            {
                _ids.Add(item.Id);
            }
        }

        return true;
    }

    /// <summary>Forgets a batch's documents.</summary>
    public void Leave(SourceBatch batch)
    {
        foreach (var item in batch.Items)
        {
            if (item.FaultCode is null)
            {
                _ids.Remove(item.Id);
            }
        }
    }
}
