
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Cli.Doctor;

namespace Quiver.Silo.Doctor;

/// <summary>The embedding model of the settings can be read.</summary>
/// <param name="options">Reads the settings.</param>
/// <param name="builtDirectory">The folder that the build fills, absolute.</param>
internal sealed class ModelCheck(Func<OnnxOptions> options, string builtDirectory) : IDoctorCheck
{
    private const string Settings = "Correct quiver.json, or the environment variables that begin with QUIVER__.";

    public string Name => "model";

    // Off the caller's thread: a model without a descriptor is hashed, which takes a while.
    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken) => Task.Run(Look, cancellationToken);

    private DoctorResult Look()
    {
        OnnxOptions settings;
        try
        {
            settings = options();
        }
        catch (Exception error) when (error is QuiverException or InvalidOperationException)
        {
            return DoctorResult.Fail(error.Message, Settings);
        }

        var valid = new OnnxOptionsValidator().Validate(null, settings);
        return valid.Failed ? DoctorResult.Fail(valid.FailureMessage, Settings) : Look(settings.ModelPath);
    }

    private DoctorResult Look(string modelPath)
    {
        var directory = Path.GetFullPath(modelPath);
        try
        {
            directory = LocalModelFolders.Resolve(modelPath);
            var model = LocalModelReader.Read(directory);
            return new FileInfo(model.GraphPath).Length > 0
                ? DoctorResult.Ok($"{model.Info.Id} in {directory}.")
                : DoctorResult.Fail($"{model.GraphPath} is empty.", Remedy(directory));
        }
        catch (PermanentException error)
        {
            return DoctorResult.Fail(error.Message, Remedy(directory));
        }
    }

    private string Remedy(string directory) => string.Equals(directory, Path.GetFullPath(builtDirectory), StringComparison.Ordinal)
        ? "Build Quiver again with `dotnet build silo`: the build makes the model from a NuGet package."
        : $"Set {OnnxOptions.Section}:{nameof(OnnxOptions.ModelPath)} to a folder with a model, or leave it out for the default model.";
}
