using System.Text.Json;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>
/// Reads the body of an answer straight into vectors, whichever form they travel in. Nothing is taken on trust: every text must have exactly
/// one vector, named by <c>index</c>, and as long as the model's.
/// </summary>
internal sealed class AnswerReader(string provider, int texts, int dimensions)
{
    private readonly float[]?[] _vectors = new float[]?[texts];

    // Thrown at the end only: what the answer cost comes behind its vectors.
    private QuiverException? _fault;

    /// <summary>What the service counted, as far as it was read; known of an answer whose vectors cannot be used, too.</summary>
    public long? Tokens { get; private set; }

    /// <summary>Reads.</summary>
    /// <param name="body">The whole body.</param>
    /// <exception cref="TransientException">With <see cref="ErrorCodes.InvalidEmbedding"/>: it is not what was asked for.</exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.DimensionMismatch"/>.</exception>
    public EmbeddingAnswer Read(ReadOnlySpan<byte> body)
    {
        try
        {
            ReadMembers(body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Unusable("an answer that is not the JSON of embeddings", e);
        }

        if (_fault is not null)
        {
            throw _fault;
        }

        var missing = _vectors.Count(vector => vector is null);
        return missing == 0
            ? new EmbeddingAnswer(_vectors!, Tokens)
            : throw Unusable($"vectors for {texts - missing} of {texts} texts");
    }

    private void ReadMembers(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("data"u8))
            {
                ReadData(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadData(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        while (Next(ref reader) == JsonTokenType.StartObject)
        {
            ReadItem(ref reader);
        }
    }

    private void ReadItem(ref Utf8JsonReader reader)
    {
        int? index = null;
        float[]? vector = null;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("index"u8))
            {
                Next(ref reader);
                index = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("embedding"u8))
            {
                vector = VectorReader.Read(ref reader, dimensions, out var length);
                if (vector is null)
                {
                    _fault ??= new PermanentException(
                        ErrorCodes.DimensionMismatch,
                        $"The provider {provider} gave a vector of {length} numbers where Quiver:Providers:{provider}:Dimensions says {dimensions}: set it to what the model gives.");
                }
            }
            else
            {
                reader.Skip();
            }
        }

        if (index is not { } place || place < 0 || place >= texts || vector is null || _vectors[place] is not null)
        {
            _fault ??= Unusable("a vector that belongs to no text, or to one that has its own");
            return;
        }

        _vectors[place] = vector;
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        if (Next(ref reader) != JsonTokenType.StartObject)
        {
            return;
        }

        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var isTotal = reader.ValueTextEquals("total_tokens"u8);
            if (!isTotal && !reader.ValueTextEquals("prompt_tokens"u8))
            {
                reader.Skip();
                continue;
            }

            // Some services say only the one, some only the other.
            if (Next(ref reader) == JsonTokenType.Number && reader.TryGetInt64(out var tokens) && tokens >= 0)
            {
                Tokens = Math.Max(Tokens ?? 0, tokens);
            }
        }
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw new JsonException("The answer ends too early.");

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (Next(ref reader) != type)
        {
            throw new JsonException($"{type} was expected, and {reader.TokenType} came.");
        }
    }

    private TransientException Unusable(string what, Exception? cause = null) => new(ErrorCodes.InvalidEmbedding, $"The provider {provider} gave {what}.", cause);
}
