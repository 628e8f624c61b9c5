using Orleans.Storage;
using Quiver.Adapters.Sqlite;
using Quiver.Embedded.Reminders;

namespace Quiver.Tests.Conformance.Runtime.Embedded;

/// <summary>State in a SQLite file.</summary>
public sealed class EmbeddedSqliteFixture : EmbeddedFixture
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("quiver-grains-");
    private readonly SqliteDatabase _database;

    public EmbeddedSqliteFixture() => _database = SqliteDatabase.Open(Path.Combine(_directory.FullName, "grains.db"), SqliteGrainSchema.Migrations);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _database.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    protected override IGrainStorage OpenStorage(IGrainStorageSerializer serializer) => new SqliteGrainStorage(_database, serializer);

    protected override IReminderStore OpenReminders() => new SqliteReminderStore(_database);
}
