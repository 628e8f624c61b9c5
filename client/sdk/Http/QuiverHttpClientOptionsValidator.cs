using Microsoft.Extensions.Options;

namespace Quiver.Client.Http;

/// <summary>Reports all that is wrong at once, each with what to change.</summary>
internal sealed class QuiverHttpClientOptionsValidator : IValidateOptions<QuiverHttpClientOptions>
{
    public ValidateOptionsResult Validate(string? name, QuiverHttpClientOptions options)
    {
        List<string> faults = [];
        if (options.BaseAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            faults.Add($"BaseAddress is '{options.BaseAddress}': set it to the server's absolute http or https address.");
        }

        if (!NameValidator.IsValid(options.Tenant))
        {
            faults.Add($"Tenant is '{options.Tenant}': use 1 to {NameValidator.MaxLength} letters, digits, '.', '_' or '-', starting with a letter or digit.");
        }

        if (options.RetryAttempts is < 0 or > 10)
        {
            faults.Add($"RetryAttempts is {options.RetryAttempts}: set it from 0 to 10.");
        }

        Range(nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Range(nameof(options.RequestTimeout), options.RequestTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        Range(nameof(options.LongRequestTimeout), options.LongRequestTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
        Range(nameof(options.RetryBaseDelay), options.RetryBaseDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        Range(nameof(options.RetryMaxDelay), options.RetryMaxDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));
        Range(nameof(options.StreamIdleTimeout), options.StreamIdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Range(nameof(options.WatchGiveUpAfter), options.WatchGiveUpAfter, TimeSpan.Zero, TimeSpan.FromHours(24));
        if (options.RetryMaxDelay < options.RetryBaseDelay)
        {
            faults.Add($"RetryMaxDelay ({options.RetryMaxDelay}) is below RetryBaseDelay ({options.RetryBaseDelay}): raise it.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Range(string option, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                faults.Add($"{option} is {value}: set it from {least} to {most}.");
            }
        }
    }
}
