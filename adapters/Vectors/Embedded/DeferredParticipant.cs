
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Stands in for the slot map until it could be loaded from the very database that it takes part in.</summary>
internal sealed class DeferredParticipant : ISqliteCommitParticipant
{
    private volatile ISqliteCommitParticipant? _target;

    public ISqliteCommitParticipant? Target
    {
        get => _target;
        set => _target = value;
    }

    public void BeforeCommit(SqliteSession session) => _target?.BeforeCommit(session);

    public void Committed() => _target?.Committed();

    public void RolledBack() => _target?.RolledBack();
}
