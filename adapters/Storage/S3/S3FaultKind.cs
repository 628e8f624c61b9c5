namespace Quiver.Adapters.Storage.S3;

/// <summary>What a failed request to S3 means for whoever asked.</summary>
internal enum S3FaultKind
{
    /// <summary>It may pass: try again.</summary>
    Transient = 1,

    /// <summary>Fewer requests are asked for: wait, then try again.</summary>
    Throttled = 2,

    /// <summary>There is no such object (any more).</summary>
    Gone = 3,

    /// <summary>The object is another version than the one asked for.</summary>
    Changed = 4,

    /// <summary>This object, or what was asked of it, is withheld; others may be readable.</summary>
    Denied = 5,

    /// <summary>The request names what does not exist or cannot be: bucket, region, address.</summary>
    Refused = 6,

    /// <summary>Nothing can be read with these credentials.</summary>
    Credentials = 7,
}
