using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Ledger;
using Quiver.Tests.Conformance.Ledger;

namespace Quiver.Tests.Unit.Adapters.Storage.Sqlite;

public sealed class SqliteLedgerTests : LedgerConformance
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<ILedger> OpenAsync(int maxEvents, int maxFailures) =>
        Task.FromResult<ILedger>(
            new SqliteLedger(_folder.File("ledger.db"), Options.Create(new LedgerOptions { MaxEventsPerJob = maxEvents, MaxFailuresPerJob = maxFailures })));

    protected override async Task CloseAsync(ILedger ledger) => await ((SqliteLedger)ledger).DisposeAsync();

    protected override Task DropAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
