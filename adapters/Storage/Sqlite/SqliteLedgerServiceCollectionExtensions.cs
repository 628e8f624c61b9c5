using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>Registers the ledger of a single silo: a SQLite file.</summary>
public static class SqliteLedgerServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ILedger"/> on a SQLite file, which is opened when the ledger is first resolved. Repeated calls only add options.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="path">Returns the file; its folder is created when missing.</param>
    /// <param name="configure">Sets options.</param>
    public static IServiceCollection AddSqliteLedger(
        this IServiceCollection services, Func<IServiceProvider, string> path, Action<LedgerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        services.AddLedgerOptions(configure);
        services.TryAddSingleton<ILedger>(provider => new SqliteLedger(
            path(provider), provider.GetRequiredService<IOptions<LedgerOptions>>(), provider.GetService<DirectoryManifest>()));
        return services;
    }
}
