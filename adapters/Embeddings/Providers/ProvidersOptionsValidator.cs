using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>Says everything that is wrong with the providers at once, and what to change.</summary>
internal sealed class ProvidersOptionsValidator : IValidateOptions<ProvidersOptions>
{
    private const int MostProviders = 64;

    public ValidateOptionsResult Validate(string? name, ProvidersOptions options)
    {
        var faults = options.Providers.SelectMany(entry => ProviderRules.FindFaults(entry.Key, entry.Value)).ToList();
        if (options.Providers.Count > MostProviders)
        {
            faults.Add($"Quiver:Providers has {options.Providers.Count} providers: keep at most {MostProviders}.");
        }

        if (options.Providers.Count(entry => entry.Value.Kind == ProviderKinds.Onnx) > 1)
        {
            faults.Add("Quiver:Providers names more than one provider of kind onnx: there is one local model, keep one of them.");
        }

        if (options.DefaultName != options.LocalName && !options.Providers.ContainsKey(options.DefaultName))
        {
            faults.Add($"Quiver:Embedding:DefaultProvider is '{options.DefaultName}': set it to one of {string.Join(", ", options.Providers.Keys.Append(options.LocalName).Distinct())}.");
        }

        if (faults.Count == 0)
        {
            faults.AddRange(FindSameModels(options));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>A collection knows its model only: two providers of the same one could not be told apart.</summary>
    private static IEnumerable<string> FindSameModels(ProvidersOptions options) =>
        from entry in options.Providers
        where entry.Value.Kind == ProviderKinds.OpenAI
        group entry.Key by ProviderRules.ModelOf(entry.Value).Id into same
        where same.Count() > 1
        select $"The providers {string.Join(" and ", same)} have the same model {same.Key}: keep one of them, or give each a Quiver:Providers:NAME:Revision of its own.";
}
