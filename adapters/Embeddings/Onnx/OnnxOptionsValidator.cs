using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>Says everything that is wrong with the settings at once, and what to change.</summary>
internal sealed class OnnxOptionsValidator : IValidateOptions<OnnxOptions>
{
    public ValidateOptionsResult Validate(string? name, OnnxOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.ModelPath))
        {
            failures.Add($"{OnnxOptions.Section}:{nameof(options.ModelPath)} is empty: set it to a model directory or the name of a model of this build, or leave it out for the default model.");
        }

        Check(failures, nameof(options.Threads), options.Threads, 1, 256);
        Check(failures, nameof(options.TokensPerRun), options.TokensPerRun, 32, 65_536);
        Check(failures, nameof(options.TextsPerRun), options.TextsPerRun, 1, 1_024);
        Check(failures, nameof(options.MaxCalls), options.MaxCalls, 1, 65_536);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(List<string> failures, string name, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            failures.Add($"{OnnxOptions.Section}:{name} is {value}: set it to a number from {least} to {most}.");
        }
    }
}
