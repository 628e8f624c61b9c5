namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Where a commit stands; tests stop time there and look at what a crash would leave.</summary>
internal enum CommitStage
{
    /// <summary>Vectors are written, not flushed.</summary>
    Written = 1,

    /// <summary>Vectors are on the disk, the database is not committed.</summary>
    Flushed = 2,

    /// <summary>The database is committed, nobody was told.</summary>
    Committed = 3,
}
