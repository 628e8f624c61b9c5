using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Storage.Ledger;

/// <summary>Checks <see cref="LedgerOptions"/> and says of every fault at once what to change. (The library's generated validators leave out our messages.)</summary>
internal sealed class LedgerOptionsValidator : IValidateOptions<LedgerOptions>
{
    public ValidateOptionsResult Validate(string? name, LedgerOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.MaxEventsPerJob is < 1 or > LedgerOptions.HighestMaxEventsPerJob)
        {
            result.AddError($"Quiver:Ledger:MaxEventsPerJob is {options.MaxEventsPerJob}: set it from 1 to {LedgerOptions.HighestMaxEventsPerJob}.");
        }

        if (options.MaxFailuresPerJob is < 1 or > LedgerOptions.HighestMaxFailuresPerJob)
        {
            result.AddError($"Quiver:Ledger:MaxFailuresPerJob is {options.MaxFailuresPerJob}: set it from 1 to {LedgerOptions.HighestMaxFailuresPerJob}.");
        }

        return result.Build();
    }
}
