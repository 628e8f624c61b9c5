using Microsoft.Extensions.Options;
using Quiver.Core.Collections;

namespace Quiver.Silo.Options;

/// <summary>Holds the operator's storage settings to the ranges of everybody's.</summary>
internal sealed class SharedStorageValidator : IValidateOptions<CollectionOptions>
{
    public ValidateOptionsResult Validate(string? name, CollectionOptions options)
    {
        try
        {
            CollectionSettingsValidator.Validate(new() { Storage = options.SharedStorage });
            return ValidateOptionsResult.Success;
        }
        catch (InvalidRequestException e)
        {
            return ValidateOptionsResult.Fail($"Quiver:Collections:{nameof(options.SharedStorage)}: {e.Message}");
        }
    }
}
