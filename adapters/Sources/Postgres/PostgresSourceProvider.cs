using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>Opens tables and views of PostgreSQL.</summary>
internal sealed class PostgresSourceProvider(PostgresPools pools, IOptions<PostgresOptions> options) : ISourceProvider
{
    public string Kind => "postgres";

    public async Task<IDocumentSource> OpenAsync(SourceSpec spec, CancellationToken cancellationToken = default)
    {
        var normal = Normalize(spec);
        var address = PostgresAddress.Parse(normal.Paths[0]);
        return await PostgresSession.RunAsync(
            pools,
            address,
            options.Value.StatementTimeout,
            async session =>
            {
                var layout = await TableCatalog.FindAsync(session, normal.Table!, cancellationToken);
                var source = new TableSource(pools, address, layout, normal, options.Value);
                await source.CheckAsync(session, cancellationToken);
                return source;
            },
            cancellationToken);
    }

    public SourceSpec Normalize(SourceSpec spec)
    {
        TableSpecValidator.Validate(spec);
        var address = PostgresAddress.Parse(spec.Paths[0]);
        pools.Check(address);
        var table = spec.Table!;
        return spec with
        {
            Paths = [address.ToString()],
            Include = [],
            Exclude = [],
            Table = table with
            {
                KeyColumns = Given(table.KeyColumns),
                IdColumns = Given(table.IdColumns),
                TextColumns = table.TextColumns.IsDefaultOrEmpty ? [TableSpecValidator.TextColumn] : table.TextColumns,
                MetadataColumns = Given(table.MetadataColumns),
            },
        };
    }

    private static ImmutableArray<string> Given(ImmutableArray<string> columns) => columns.IsDefault ? [] : columns;
}
