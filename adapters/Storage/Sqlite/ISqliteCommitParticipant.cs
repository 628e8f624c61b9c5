namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>State beside a database that changes with its commits. Every call comes from the writing thread.</summary>
internal interface ISqliteCommitParticipant
{
    /// <summary>Runs before a commit, inside its transaction; what it makes durable is so no later than the commit. May throw: then nothing is committed.</summary>
    /// <param name="session">The writing connection.</param>
    void BeforeCommit(SqliteSession session);

    /// <summary>Runs after a commit and before its callers learn of it. Must not throw.</summary>
    void Committed();

    /// <summary>Runs after the whole transaction was given up. Must not throw.</summary>
    void RolledBack();
}
