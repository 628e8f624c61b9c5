namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>Settings of local embedding models, section <c>Quiver:Onnx</c>.</summary>
public sealed class OnnxOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Quiver:Onnx";

    /// <summary>
    /// The model: a directory with model.onnx and vocab.txt of a BERT-style export, described by model.json (as the build writes it) or by
    /// config.json, or the name of a model in the folder <c>models</c> beside the executable. Default: <c>all-MiniLM-L6-v2</c> there.
    /// </summary>
    public string ModelPath { get; set; } = Path.Combine(LocalModelFolders.Root, LocalModelFolders.Default);

    /// <summary>Threads that compute, 1 to 256. Default: the machine's processors.</summary>
    public int Threads { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>Most tokens in one run, padding included, 32 to 65,536. More takes more memory and is not faster. Default: 512.</summary>
    public int TokensPerRun { get; set; } = 512;

    /// <summary>Most texts in one run, 1 to 1,024. Default: 64.</summary>
    public int TextsPerRun { get; set; } = 64;

    /// <summary>Most calls at a time; more wait for their turn. 1 to 65,536. Default: 256.</summary>
    public int MaxCalls { get; set; } = 256;

    /// <summary>Cut texts that are longer than the model takes, instead of refusing them. Default: false.</summary>
    public bool TruncateLongTexts { get; set; }
}
