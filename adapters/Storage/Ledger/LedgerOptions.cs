using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Storage.Ledger;

/// <summary>Limits of what a ledger keeps.</summary>
public sealed class LedgerOptions
{
    /// <summary>Events kept per job; the oldest are deleted above this number. 1 to 1,000,000. Default: 10,000.</summary>
    public int MaxEventsPerJob { get; set; } = 10_000;

    /// <summary>Failed documents kept per job; the job only counts further ones. 1 to 10,000,000. Default: 100,000.</summary>
    public int MaxFailuresPerJob { get; set; } = 100_000;
}

/// <summary>Validates <see cref="LedgerOptions"/>; reports all errors at once. (Generated validators do not use our messages.)</summary>
internal sealed class LedgerOptionsValidator : IValidateOptions<LedgerOptions>
{
    public ValidateOptionsResult Validate(string? name, LedgerOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        CheckRange(result, nameof(options.MaxEventsPerJob), options.MaxEventsPerJob, 1_000_000);
        CheckRange(result, nameof(options.MaxFailuresPerJob), options.MaxFailuresPerJob, 10_000_000);
        return result.Build();
    }

    private static void CheckRange(ValidateOptionsResultBuilder result, string setting, int value, int max)
    {
        if (value < 1 || value > max)
        {
            result.AddError($"Quiver:Ledger:{setting} is {value}: set it from 1 to {max}.");
        }
    }
}

/// <summary>Registers what all ledgers share.</summary>
internal static class LedgerServiceCollectionExtensions
{
    /// <summary>Adds <see cref="LedgerOptions"/>, validated at startup.</summary>
    public static IServiceCollection AddLedgerOptions(this IServiceCollection services, Action<LedgerOptions>? configure)
    {
        services.AddOptions<LedgerOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LedgerOptions>, LedgerOptionsValidator>());
        return services;
    }
}
