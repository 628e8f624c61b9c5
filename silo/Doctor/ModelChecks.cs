using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Cli.Doctor;

namespace Quiver.Silo.Doctor;

/// <summary>Checks that the configured embedding model loads.</summary>
/// <param name="options">Reads the settings.</param>
/// <param name="builtDirectory">The folder of the default model of this build, absolute.</param>
internal sealed class ModelCheck(Func<OnnxOptions> options, string builtDirectory) : IDoctorCheck
{
    public string Name => "model";

    // Not on the caller's thread: loading the weights takes a while, and a model without a descriptor is hashed.
    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken) => Task.Run(Check, cancellationToken);

    private DoctorResult Check()
    {
        OnnxOptions settings;
        try
        {
            settings = options();
        }
        catch (Exception exception) when (exception is QuiverException or InvalidOperationException)
        {
            return DoctorResult.Fail(exception.Message, SettingsCheck.Advice);
        }

        var valid = new OnnxOptionsValidator().Validate(null, settings);
        return valid.Failed ? DoctorResult.Fail(valid.FailureMessage, SettingsCheck.Advice) : Check(settings.ModelPath);
    }

    private DoctorResult Check(string modelPath)
    {
        var directory = Path.GetFullPath(modelPath);
        try
        {
            directory = LocalModelFolders.Resolve(modelPath);
            var model = LocalModelReader.Read(directory);
            if (new FileInfo(model.GraphPath).Length == 0)
            {
                return DoctorResult.Fail($"{model.GraphPath} is empty.", Remedy(directory));
            }

            using var session = new OnnxSession(model.GraphPath, NullLogger.Instance);
            session.Get();
            return DoctorResult.Ok($"{model.Info.Id} in {directory}.");
        }
        catch (PermanentException exception)
        {
            return DoctorResult.Fail(exception.Message, Remedy(directory));
        }
        catch (Exception exception)
            when (exception is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException)
        {
            return DoctorResult.Fail($"The model in {directory} cannot be loaded: ONNX Runtime does not load.", "See the check 'native library'.");
        }
    }

    private string Remedy(string directory) => string.Equals(directory, Path.GetFullPath(builtDirectory), StringComparison.Ordinal)
        ? "Build Quiver again with `dotnet build silo`: the build creates the model from a NuGet package."
        : $"Set {OnnxOptions.Section}:{nameof(OnnxOptions.ModelPath)} to a folder with a model, or remove the setting for the default model.";
}

/// <summary>Checks that a native library exists and loads on this machine.</summary>
/// <param name="path">The library, absolute.</param>
internal sealed class NativeLibraryCheck(string path) : IDoctorCheck
{
    public string Name => "native library";

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken) => Task.FromResult(Check());

    private DoctorResult Check()
    {
        if (!File.Exists(path))
        {
            return DoctorResult.Fail($"{path} is missing.", "Build Quiver again on this machine with `dotnet build silo`.");
        }

        try
        {
            // It stays loaded: unloading a library that has started threads may crash the process, which ends soon anyway.
            NativeLibrary.Load(path);
            return DoctorResult.Ok($"{path} loads.");
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            return DoctorResult.Fail(
                $"{path} does not load: {exception.Message.ReplaceLineEndings(" ")}",
                $"The file is not for this machine ({RuntimeInformation.RuntimeIdentifier}): build Quiver again here with `dotnet build silo`.");
        }
    }
}

/// <summary>Checks that the configured embedding providers are complete and have keys. Sends nothing, unlike <c>quiver providers test</c>.</summary>
/// <param name="options">Reads the settings.</param>
/// <param name="variable">Reads an environment variable.</param>
internal sealed class ProvidersCheck(Func<ProvidersOptions> options, Func<string, string?> variable) : IDoctorCheck
{
    public string Name => "providers";

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken) => Task.FromResult(Check());

    private DoctorResult Check()
    {
        ProvidersOptions settings;
        try
        {
            settings = options();
        }
        catch (Exception exception) when (exception is QuiverException or InvalidOperationException)
        {
            return DoctorResult.Fail(exception.Message, SettingsCheck.Advice);
        }

        var valid = new ProvidersOptionsValidator().Validate(null, settings);
        if (valid.Failed)
        {
            return DoctorResult.Fail(string.Join(" ", valid.Failures!), SettingsCheck.Advice);
        }

        var services = settings.Providers.Where(entry => entry.Value.Kind == ProviderKinds.OpenAI)
            .Select(entry => ProviderFactory.CreateSettings(entry.Key.ToLowerInvariant(), entry.Value, variable)).ToList();
        var keyless = services.FindAll(service => service is { NeedsKey: true, Key: null } && service.Headers.IsEmpty);
        var found = services.Count == 0 ? "only the local model." : $"{string.Join(", ", services)}; new collections use {settings.DefaultName}.";
        return keyless.Count == 0
            ? DoctorResult.Ok(found)
            : DoctorResult.Warn(
                $"{found} Without a key: {string.Join(", ", keyless.Select(service => service.Name))}.", $"For {keyless[0].Name}, {keyless[0].KeyRemedy}.");
    }
}
