namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>Kinds of providers.</summary>
internal static class ProviderKinds
{
    public const string Onnx = "onnx";
    public const string OpenAI = "openai";
}
