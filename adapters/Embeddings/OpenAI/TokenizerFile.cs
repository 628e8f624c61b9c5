
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Tokenization;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>Opens the tokenizer of a remote model.</summary>
internal static class TokenizerFile
{
    /// <summary>The tokenizer in a file, or the estimate where there is none.</summary>
    /// <param name="path">A vocab.txt; null for none.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.ModelUnavailable"/>.</exception>
    public static ITokenizer Open(string? path)
    {
        try
        {
            return path is null ? new EstimatingTokenizer() : new WordPieceTokenizer(File.ReadAllLines(path), new WordPieceOptions());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            throw new PermanentException(ErrorCodes.ModelUnavailable, $"The tokenizer {path} cannot be read: {e.Message}", e);
        }
    }
}
