namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>Where the models lie that a build brings with it.</summary>
internal static class LocalModelFolders
{
    /// <summary>The model that is there without any setting.</summary>
    public const string Default = "all-MiniLM-L6-v2";

    /// <summary>The models that a build brings when it is asked to.</summary>
    public static IReadOnlyList<string> Extras { get; } = ["arctic-embed-xs"];

    /// <summary>The folder of all models beside the executable.</summary>
    public static string Root => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The directory that a setting means: the model of that name in <see cref="Root"/>, or else a path.</summary>
    /// <param name="modelPath"><see cref="OnnxOptions.ModelPath"/>.</param>
    /// <exception cref="PermanentException">Code <see cref="ErrorCodes.ModelUnavailable"/>: it names a model that this build was made without.</exception>
    public static string Resolve(string modelPath)
    {
        if (Path.GetFileName(modelPath) == modelPath && Path.Combine(Root, modelPath) is var named && Directory.Exists(named))
        {
            return named;
        }

        return Extras.Contains(modelPath) && !Directory.Exists(modelPath)
            ? throw LocalModelReader.Unavailable($"This build of Quiver comes without the model {modelPath}: build it with `dotnet build silo -p:ExtraModels={modelPath}`.")
            : Path.GetFullPath(modelPath);
    }
}
