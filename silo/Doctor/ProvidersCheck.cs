
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Cli.Doctor;

namespace Quiver.Silo.Doctor;

/// <summary>The embedding providers of the settings are complete and have keys. Nothing is sent: that is what <c>quiver providers test</c> is for.</summary>
/// <param name="options">Reads the settings.</param>
/// <param name="variable">Reads an environment variable.</param>
internal sealed class ProvidersCheck(Func<ProvidersOptions> options, Func<string, string?> variable) : IDoctorCheck
{
    private const string Settings = "Mend quiver.json, or the environment variables that begin with QUIVER__.";

    public string Name => "providers";

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken) => Task.FromResult(Look());

    private DoctorResult Look()
    {
        ProvidersOptions settings;
        try
        {
            settings = options();
        }
        catch (Exception error) when (error is QuiverException or InvalidOperationException)
        {
            return DoctorResult.Fail(error.Message, Settings);
        }

        var valid = new ProvidersOptionsValidator().Validate(null, settings);
        if (valid.Failed)
        {
            return DoctorResult.Fail(string.Join(" ", valid.Failures!), Settings);
        }

        var services = settings.Providers.Where(entry => entry.Value.Kind == ProviderKinds.OpenAI)
            .Select(entry => ProviderFactory.CreateSettings(entry.Key.ToLowerInvariant(), entry.Value, variable)).ToList();
        var keyless = services.FindAll(service => service is { NeedsKey: true, Key: null } && service.Headers.IsEmpty);
        var found = services.Count == 0 ? "none but the local model." : $"{string.Join(", ", services)}; new collections take {settings.DefaultName}.";
        return keyless.Count == 0
            ? DoctorResult.Ok(found)
            : DoctorResult.Warn($"{found} Without a key: {string.Join(", ", keyless.Select(service => service.Name))}.", $"For {keyless[0].Name}, {keyless[0].KeyRemedy}.");
    }
}
