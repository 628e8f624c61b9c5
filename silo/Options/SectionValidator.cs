using Microsoft.Extensions.Options;
using Quiver.Adapters.Settings;
using Quiver.Core.Collections;
using Quiver.Core.Jobs;

namespace Quiver.Silo.Options;

/// <summary>Checks options by their attributes and their own <c>Validate</c>. The code is generated: a start uses no reflection.</summary>
[OptionsValidator]
internal sealed partial class GeneratedValidators :
    IValidateOptions<JobOptions>,
    IValidateOptions<CollectionOptions>,
    IValidateOptions<ClusterOptions>,
    IValidateOptions<OrleansDashboardOptions>,
    IValidateOptions<ServerOptions>,
    IValidateOptions<ApiOptions>,
    IValidateOptions<TelemetryOptions>;

/// <summary>Checks options with the generated validator and names the settings to change.</summary>
/// <typeparam name="T">One of the options of <see cref="GeneratedValidators"/>.</typeparam>
internal sealed class SectionValidator<T>(string section) : IValidateOptions<T>
    where T : class
{
    private static readonly IValidateOptions<T> Generated = (IValidateOptions<T>)(object)new GeneratedValidators();

    public ValidateOptionsResult Validate(string? name, T options) => SettingFaults.Describe(Generated.Validate(name, options), section, options);
}

/// <summary>Holds the operator's storage settings to the limits of every collection's.</summary>
internal sealed class SharedStorageValidator : IValidateOptions<CollectionOptions>
{
    public ValidateOptionsResult Validate(string? name, CollectionOptions options)
    {
        try
        {
            CollectionSettingsValidator.Validate(new() { Storage = options.SharedStorage });
            return ValidateOptionsResult.Success;
        }
        catch (InvalidRequestException exception)
        {
            return ValidateOptionsResult.Fail($"Quiver:Collections:{nameof(options.SharedStorage)}: {exception.Message}");
        }
    }
}
