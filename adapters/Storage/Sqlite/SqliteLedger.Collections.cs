using System.Text.Json;
using Quiver.Adapters.Storage.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <content>The tenants' lists of collections.</content>
internal sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public Task SaveCollectionAsync(TenantId tenant, CollectionInfo collection, CancellationToken cancellationToken = default)
    {
        var json = JsonSerializer.Serialize(collection with { Documents = 0, Points = 0 }, LedgerJson.Default.CollectionInfo);
        return _database.WriteAsync(
            session => session.Execute(
                "INSERT OR REPLACE INTO collections (tenant, name, info) VALUES (@tenant, @name, @info)",
                ("@tenant", tenant.Value),
                ("@name", collection.Name.Value),
                ("@info", json)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteCollectionAsync(CollectionKey key, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(
            session => session.Execute(
                "DELETE FROM collections WHERE tenant = @tenant AND name = @name",
                ("@tenant", key.Tenant.Value),
                ("@name", key.Collection.Value)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<Page<CollectionInfo>> ListCollectionsAsync(TenantId tenant, string? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(limit);
        LedgerArguments.CheckName(after);
        return _database.ReadAsync(
            session => LedgerPages.ToPage(
                ReadAll(
                    session.Query(
                        "SELECT info FROM collections WHERE tenant = @tenant AND name > @after ORDER BY name LIMIT @limit",
                        ("@tenant", tenant.Value),
                        ("@after", after ?? ""),
                        ("@limit", limit + 1)),
                    row => JsonSerializer.Deserialize(row.GetString(0), LedgerJson.Default.CollectionInfo)!),
                limit,
                last => last.Name.Value),
            cancellationToken);
    }
}
