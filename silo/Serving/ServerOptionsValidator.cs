using Microsoft.Extensions.Options;

namespace Quiver.Silo.Serving;

/// <summary>Reports all that is wrong at once, each with what to change.</summary>
internal sealed class ServerOptionsValidator : IValidateOptions<ServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ServerOptions options)
    {
        List<string> faults = [.. options.EffectiveUrls.Select(url => ListenAddress.FindFault(url, options.AllowRemote)).OfType<string>()];
        if (options.DrainTimeout < TimeSpan.FromSeconds(1) || options.DrainTimeout > TimeSpan.FromMinutes(10))
        {
            faults.Add($"{ServerOptions.Section}:{nameof(options.DrainTimeout)} is {options.DrainTimeout}: set it from 1 s to 10 minutes.");
        }

        if (options.RequestGrace < TimeSpan.Zero || options.RequestGrace > TimeSpan.FromMinutes(1) || options.RequestGrace >= options.DrainTimeout)
        {
            faults.Add(
                $"{ServerOptions.Section}:{nameof(options.RequestGrace)} is {options.RequestGrace}: set it from 0 to 1 minute and below DrainTimeout ({options.DrainTimeout}).");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
