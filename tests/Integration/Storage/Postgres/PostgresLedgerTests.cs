using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Core.Ledger;
using Quiver.Tests.Conformance.Ledger;
using Quiver.Tests.Services;

namespace Quiver.Tests.Integration.Storage.Postgres;

public sealed class PostgresLedgerTests(PostgresServices services) : LedgerConformance
{
    private PostgresSchema? _schema;
    private ClusterDatabase? _database;

    protected override async Task<ILedger> OpenAsync(int maxEvents, int maxFailures)
    {
        _schema ??= await services.NewSchemaAsync();
        _database = await _schema.OpenMigratedClusterAsync();
        return new PostgresLedger(_database, Options.Create(new LedgerOptions { MaxEventsPerJob = maxEvents, MaxFailuresPerJob = maxFailures }));
    }

    protected override async Task CloseAsync(ILedger ledger) => await _database!.DisposeAsync();

    protected override Task DropAsync()
    {
        _schema!.Dispose();
        return Task.CompletedTask;
    }
}
