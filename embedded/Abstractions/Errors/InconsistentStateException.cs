using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A write met a record that is not the one that was read.</summary>
public class InconsistentStateException : OrleansException
{
    /// <summary>Creates an error.</summary>
    public InconsistentStateException()
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="message">A sentence.</param>
    public InconsistentStateException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="message">A sentence.</param>
    /// <param name="innerException">The cause.</param>
    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="errorMsg">A sentence.</param>
    /// <param name="storedEtag">The etag of the stored record.</param>
    /// <param name="currentEtag">The etag that the writer had.</param>
    /// <param name="storageException">The cause.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException = null)
        : base(errorMsg, storageException)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The etag of the stored record.</summary>
    public string? StoredEtag { get; }

    /// <summary>The etag that the writer had.</summary>
    public string? CurrentEtag { get; }
}
