namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>The server's words for quantization.</summary>
internal static class QuantizationNames
{
    private const int DefaultCompression = 16;

    /// <summary>The member that names a kind; null for none.</summary>
    public static string? Of(QuantizationKind kind) => kind switch
    {
        QuantizationKind.None => null,
        QuantizationKind.Scalar => "scalar",
        QuantizationKind.Binary => "binary",
        QuantizationKind.Product => "product",
        _ => throw new InvalidRequestException(ErrorCodes.NotSupported, $"The quantization {(int)kind} is not known to this version of Quiver."),
    };

    /// <summary>A compression's name.</summary>
    public static string Compression(QuantizationSettings quantization) => $"x{quantization.Compression ?? DefaultCompression}";
}
