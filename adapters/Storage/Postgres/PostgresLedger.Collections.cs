using System.Text.Json;
using Quiver.Adapters.Storage.Ledger;
using static Quiver.Adapters.Storage.Postgres.PostgresStatement;

namespace Quiver.Adapters.Storage.Postgres;

/// <content>The tenants' lists of collections.</content>
internal sealed partial class PostgresLedger
{
    /// <inheritdoc/>
    public Task SaveCollectionAsync(TenantId tenant, CollectionInfo collection, CancellationToken cancellationToken = default) =>
        ExecuteAsync(
            cancellationToken,
            new PostgresStatement(
                "INSERT INTO ledger_collections (tenant, name, info) VALUES ($1, $2, $3) ON CONFLICT (tenant, name) DO UPDATE SET info = excluded.info",
                Value(tenant.Value),
                Value(collection.Name.Value),
                Value(JsonSerializer.Serialize(collection with { Documents = 0, Points = 0 }, LedgerJson.Default.CollectionInfo))));

    /// <inheritdoc/>
    public Task DeleteCollectionAsync(CollectionKey key, CancellationToken cancellationToken = default) =>
        ExecuteAsync(
            cancellationToken,
            new PostgresStatement("DELETE FROM ledger_collections WHERE tenant = $1 AND name = $2", Value(key.Tenant.Value), Value(key.Collection.Value)));

    /// <inheritdoc/>
    public async Task<Page<CollectionInfo>> ListCollectionsAsync(TenantId tenant, string? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(limit);
        LedgerArguments.CheckName(after);
        var rows = await QueryAsync(
            row => JsonSerializer.Deserialize(row.GetString(0), LedgerJson.Default.CollectionInfo)!,
            cancellationToken,
            new PostgresStatement(
                "SELECT info FROM ledger_collections WHERE tenant = $1 AND name > $2 ORDER BY name LIMIT $3", Value(tenant.Value), Value(after ?? ""), Value(limit + 1)));
        return rows.ToPage(limit, last => last.Name.Value);
    }
}
