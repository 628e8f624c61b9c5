using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>Registers the ledger of a single silo: a SQLite file.</summary>
public static class SqliteLedgerServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ILedger"/> on a SQLite file, which is opened when the ledger is first asked for. Adding again changes nothing but the
    /// options.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="path">Gives the file; its folder is created when missing.</param>
    /// <param name="configure">Changes the defaults.</param>
    public static IServiceCollection AddSqliteLedger(this IServiceCollection services, Func<IServiceProvider, string> path, Action<LedgerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        services.AddLedgerOptions(configure);
        services.TryAddSingleton<ILedger>(provider => new SqliteLedger(path(provider), provider.GetRequiredService<IOptions<LedgerOptions>>()));
        return services;
    }
}
