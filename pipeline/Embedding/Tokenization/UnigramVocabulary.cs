using System.Text.Json;

namespace Quiver.Pipeline.Embedding.Tokenization;

/// <summary>The pieces of a SentencePiece unigram model.</summary>
internal static class UnigramVocabulary
{
    /// <summary>What SentencePiece writes for a space.</summary>
    public const char WordMark = '\u2581';

    private const int ReservedPieces = 6;

    /// <summary>Reads an array of [piece, score] pairs; the index of a pair is the piece's id. A score of null counts as 0.</summary>
    /// <exception cref="JsonException">The text is not of that form.</exception>
    public static PieceTrie Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var builder = new PieceTrieBuilder();
        var id = 0;
        foreach (var pair in Elements(document.RootElement))
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2 || pair[0].ValueKind != JsonValueKind.String)
            {
                throw new JsonException($"Entry {id} of the vocabulary is not a pair of piece and score.");
            }

            if (id >= ReservedPieces)
            {
                var piece = pair[0].GetString() ?? "";
                if (piece.Length > UnigramLattice.Lookahead || piece.Any(char.IsSurrogate))
                {
                    throw new JsonException($"Entry {id} of the vocabulary is longer than {UnigramLattice.Lookahead} characters, or not of the basic plane.");
                }

                builder.Add(piece, id, pair[1].ValueKind == JsonValueKind.Null ? 0 : pair[1].GetDouble());
            }

            id++;
        }

        builder.Alias(' ', WordMark);
        return builder.Build();
    }

    private static JsonElement.ArrayEnumerator Elements(JsonElement root) =>
        root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : throw new JsonException("The vocabulary is not an array.");
}
