namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>What may go wrong with one request to a provider.</summary>
internal enum ProviderFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>429 that says how long to wait.</summary>
    Throttled,

    /// <summary>429 that does not.</summary>
    ThrottledWithoutWait,

    /// <summary>500.</summary>
    Error500,

    /// <summary>503 that says how long to wait.</summary>
    Error503,

    /// <summary>The right answer, but not before others have asked.</summary>
    Late,

    /// <summary>No answer as long as somebody waits for one.</summary>
    Silent,

    /// <summary>The connection breaks within the answer.</summary>
    Cut,

    /// <summary>Not a vector for every text.</summary>
    Short,

    /// <summary>All vectors, in another order than the texts; an answer that is allowed.</summary>
    Unordered,

    /// <summary>All vectors for the same text.</summary>
    SameIndex,

    /// <summary>One vector has a component that is no number.</summary>
    NotANumber,

    /// <summary>One vector is zero.</summary>
    Zero,

    /// <summary>No JSON.</summary>
    Garbage,

    /// <summary>Vectors of another model.</summary>
    WrongDimension,

    /// <summary>401.</summary>
    Denied,
}
