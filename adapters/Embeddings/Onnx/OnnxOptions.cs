using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>Settings of the local embedding model, section <c>Quiver:Onnx</c>.</summary>
public sealed class OnnxOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Quiver:Onnx";

    /// <summary>
    /// The model: a directory with model.onnx and vocab.txt of a BERT-style export, described by model.json (written by the build) or by
    /// config.json, or the name of a model in the folder <c>models</c> next to the executable. Default: <c>all-MiniLM-L6-v2</c> there.
    /// </summary>
    public string ModelPath { get; set; } = Path.Combine(LocalModelFolders.Root, LocalModelFolders.Default);

    /// <summary>Compute threads, 1 to 256. Default: the machine's processors.</summary>
    public int Threads { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>Maximum tokens in a run, padding included, 32 to 65,536. More takes more memory and is not faster. Default: 512.</summary>
    public int TokensPerRun { get; set; } = 512;

    /// <summary>Maximum texts in a run, 1 to 1,024. Default: 64.</summary>
    public int TextsPerRun { get; set; } = 64;

    /// <summary>Maximum concurrent calls; others wait. 1 to 65,536. Default: 256.</summary>
    public int MaxCalls { get; set; } = 256;

    /// <summary>Whether to truncate texts above the model's limit instead of refusing them. Default: false.</summary>
    public bool TruncateLongTexts { get; set; }
}

/// <summary>Reports all faults of the settings at once, each with what to change.</summary>
internal sealed class OnnxOptionsValidator : IValidateOptions<OnnxOptions>
{
    public ValidateOptionsResult Validate(string? name, OnnxOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.ModelPath))
        {
            failures.Add(
                $"{OnnxOptions.Section}:{nameof(options.ModelPath)} is empty: set it to a model directory or the name of a model in this build, "
                + "or remove it for the default model.");
        }

        Check(failures, nameof(options.Threads), options.Threads, 1, 256);
        Check(failures, nameof(options.TokensPerRun), options.TokensPerRun, 32, 65_536);
        Check(failures, nameof(options.TextsPerRun), options.TextsPerRun, 1, 1_024);
        Check(failures, nameof(options.MaxCalls), options.MaxCalls, 1, 65_536);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(List<string> failures, string name, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            failures.Add($"{OnnxOptions.Section}:{name} is {value}: set it to a number from {min} to {max}.");
        }
    }
}
