namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>How the vector of a text is made from those of its tokens.</summary>
internal enum Pooling
{
    /// <summary>Their mean.</summary>
    Mean = 1,

    /// <summary>The first one, that of the token [CLS].</summary>
    Cls = 2,
}
