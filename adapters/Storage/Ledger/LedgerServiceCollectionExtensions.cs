using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Storage.Ledger;

/// <summary>Registers what all ledgers share.</summary>
internal static class LedgerServiceCollectionExtensions
{
    /// <summary>Adds <see cref="LedgerOptions"/>, checked at the start.</summary>
    public static IServiceCollection AddLedgerOptions(this IServiceCollection services, Action<LedgerOptions>? configure)
    {
        services.AddOptions<LedgerOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LedgerOptions>, LedgerOptionsValidator>());
        return services;
    }
}
