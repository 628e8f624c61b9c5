using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Ledger;

namespace Quiver.Tests.Unit.Adapters.Storage.Sqlite;

public sealed class SqliteLedgerServiceCollectionExtensionsTests
{
    [Fact]
    public async Task AddSqliteLedger_Twice_KeepsTheFirst()
    {
        using var folder = new TemporaryFolder();
        await using (var provider = new ServiceCollection()
            .AddSqliteLedger(_ => folder.File("a/ledger.db"))
            .AddSqliteLedger(_ => folder.File("b/ledger.db"))
            .BuildServiceProvider())
        {
            Assert.Same(provider.GetRequiredService<ILedger>(), provider.GetRequiredService<ILedger>());
            Assert.True(File.Exists(folder.File("a/ledger.db")));
            Assert.False(File.Exists(folder.File("b/ledger.db")));
        }
    }

    [Fact]
    public async Task AddSqliteLedger_WithCapsOutOfRange_NamesEachSetting()
    {
        await using var provider = new ServiceCollection()
            .AddSqliteLedger(
                _ => "unused",
                options =>
                {
                    options.MaxEventsPerJob = 0;
                    options.MaxFailuresPerJob = -1;
                })
            .BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<LedgerOptions>>().Value);

        Assert.Contains("Quiver:Ledger:MaxEventsPerJob", error.Message, StringComparison.Ordinal);
        Assert.Contains("Quiver:Ledger:MaxFailuresPerJob", error.Message, StringComparison.Ordinal);
    }
}
