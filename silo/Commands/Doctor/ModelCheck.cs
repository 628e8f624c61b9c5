using Quiver.Adapters.Onnx;
using Quiver.Client.Cli.Doctor;

namespace Quiver.Silo.Commands.Doctor;

/// <summary>The embedding model of the settings can be read; where the one of the build is missing, whether it can be fetched here.</summary>
/// <param name="options">Reads the settings.</param>
/// <param name="builtDirectory">The folder that the build fills, absolute.</param>
/// <param name="searchPath">The <c>PATH</c> of this process.</param>
internal sealed class ModelCheck(Func<OnnxOptions> options, string builtDirectory, string? searchPath) : IDoctorCheck
{
    private const string Settings = "Mend quiver.json, or the environment variables that begin with QUIVER__.";
    private static readonly string[] Tools = ["node", "npm"];

    public string Name => "model";

    // Off the caller's thread: a model without a descriptor is hashed, and the caller has only so much patience.
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
        return valid.Failed ? DoctorResult.Fail(valid.FailureMessage, Settings) : Look(Path.GetFullPath(settings.ModelPath));
    }

    private DoctorResult Look(string directory)
    {
        try
        {
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

    private string Remedy(string directory)
    {
        if (!string.Equals(directory, Path.GetFullPath(builtDirectory), StringComparison.Ordinal))
            return $"Set {OnnxOptions.Section}:{nameof(OnnxOptions.ModelPath)} to a folder with a model, or leave it out for the default model.";
        var absent = Tools.Where(tool => !ExecutableSearch.Finds(tool, searchPath)).ToArray();
        return absent.Length == 0
            ? "Build the project again: the build fetches the model with npm."
            : $"Install {string.Join(" and ", absent)} (Node.js), then build the project again: the build fetches the model with npm.";
    }
}
