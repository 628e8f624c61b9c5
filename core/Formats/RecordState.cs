namespace Quiver.Core.Formats;

/// <summary>What a reader stands before, where offset and index alone do not say it.</summary>
public enum RecordState
{
    /// <summary>Before a record, or the separator in front of it.</summary>
    Between = 1,

    /// <summary>Within a JSON array, behind the separator.</summary>
    ValueExpected = 2,

    /// <summary>Behind the only or last value of a JSON file.</summary>
    Tail = 3,

    /// <summary>Behind everything that is read of the file.</summary>
    End = 4,
}
