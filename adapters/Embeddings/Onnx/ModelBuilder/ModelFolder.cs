using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;

namespace Quiver.ModelBuilder;

/// <summary>Writes a model's folder. Each file is written atomically, model.json last: a folder with that file is complete.</summary>
internal static class ModelFolder
{
    private const int RevisionLength = 16;
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes the files.</summary>
    /// <param name="directory">The folder; created when missing.</param>
    /// <param name="preset">The model.</param>
    /// <param name="precision"><c>int8</c> or <c>fp32</c>.</param>
    /// <param name="graph">Its model.onnx.</param>
    /// <param name="vocabulary">Its vocab.txt.</param>
    public static void Write(string directory, ModelPreset preset, string precision, byte[] graph, byte[] vocabulary)
    {
        Directory.CreateDirectory(directory);
        var revision = Convert.ToHexStringLower(SHA256.HashData([.. SHA256.HashData(graph), .. SHA256.HashData(vocabulary)]))[..RevisionLength];
        Write(directory, "model.onnx", graph);
        Write(directory, "vocab.txt", vocabulary);
        Write(directory, "LICENSE.txt", System.Text.Encoding.UTF8.GetBytes(License(preset, precision)));
        Write(directory, "model.json", JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                Kind = "bert",
                preset.Name,
                Revision = revision,
                ModelPreset.Dimensions,
                preset.MaxTokens,
                preset.RecommendedChunkTokens,
                ModelPreset.VocabularySize,
                preset.Pooling,
                preset.QueryPrompt,
                DocumentPrompt = "",
            },
            Indented));
    }

    private static void Write(string directory, string name, byte[] content)
    {
        // Concurrent builds write the same bytes, so it does not matter which one is last.
        var staged = Path.Combine(directory, $".{name}.{Environment.ProcessId}");
        File.WriteAllBytes(staged, content);
        File.Move(staged, Path.Combine(directory, name), overwrite: true);
    }

    private static string License(ModelPreset preset, string precision)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Apache-2.0.txt")!;
        using var reader = new StreamReader(stream);
        var changes = precision == "int8"
            ? "Quiver's build rewrote model.onnx to 8-bit integers, row by row; vocab.txt is unchanged."
            : "model.onnx and vocab.txt are unchanged.";
        return $"""
            The embedding model {preset.Name} in this folder is the work of {preset.Origin}.
            It is licensed under the Apache License, Version 2.0, whose text follows.
            Taken from the NuGet package {preset.Assembly} (Curiosity GmbH, MIT licence), of which no code is used.
            {changes}


            """ + reader.ReadToEnd();
    }
}
