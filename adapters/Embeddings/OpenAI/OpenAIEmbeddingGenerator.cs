using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Numerics.Tensors;
using System.Text;
using Microsoft.Extensions.AI;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Providers;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>
/// Sends one request to a service that answers like OpenAI's <c>/v1/embeddings</c>, and checks what comes back: as many vectors as texts,
/// each as long as the model's, finite and not zero. They are normalised here, because not every service does. Thread-safe.
/// </summary>
internal sealed class OpenAIEmbeddingGenerator(OpenAISettings settings, HttpClient http, TimeProvider time) : IEmbeddingGenerator<string, Embedding<float>>
{
    private const int ErrorBytes = 4096;

    // A number takes at most 24 bytes as text; the rest of an item and of the answer is short.
    private const int BytesPerNumber = 32;
    private const int BytesPerItem = 4096;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Sends the texts.</summary>
    /// <param name="values">At least one, as many and as long as the service takes.</param>
    /// <param name="options">Says who counts what the answer cost, and whether the texts are search queries; nothing else in it is used.</param>
    /// <param name="cancellationToken">Cuts the request.</param>
    /// <exception cref="QuiverException">As <see cref="OpenAIFaults"/> says; <see cref="ErrorCodes.InvalidEmbedding"/> of kind
    /// <see cref="FaultKind.InvalidInput"/> when a text gets a vector that cannot be used.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        RequireKey();
        var answer = await SendAsync(texts, options, cancellationToken);
        foreach (var vector in answer.Vectors)
        {
            Normalize(vector);
        }

        return new(answer.Vectors.Select(vector => new Embedding<float>(vector)))
        {
            Usage = answer.Tokens is { } tokens ? new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens } : null,
        };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("openai", settings.Endpoint, settings.Model, settings.Dimensions)
        : serviceType?.IsInstanceOfType(this) == true ? this
        : null;

    /// <summary>Does nothing: the client is shared.</summary>
    public void Dispose()
    {
    }

    private async Task<EmbeddingAnswer> SendAsync(string[] texts, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(texts, EmbeddingRequestNotes.IsQuery(options));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw OpenAIFaults.FromResponse(settings, response, await ReadErrorAsync(response, cancellationToken), time.GetUtcNow());
            }

            return await ReadAnswerAsync(response, texts, options, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw OpenAIFaults.FromConnection(settings, e);
        }
    }

    /// <summary>From here on the service has done its work and asks for its money, whatever can be made of the answer.</summary>
    private async Task<EmbeddingAnswer> ReadAnswerAsync(HttpResponseMessage response, string[] texts, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        var reader = new AnswerReader(settings.Name, texts.Length, settings.Dimensions);
        try
        {
            var (buffer, length) = await BodyReader.ReadAsync(response, Limit(texts.Length), settings.Name, cancellationToken);
            try
            {
                return reader.Read(buffer.AsSpan(0, length));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        finally
        {
            var tokens = reader.Tokens ?? EmbeddingRequestNotes.TokensOf(options);
            EmbeddingRequestNotes.MeterOf(options)?.Answered(texts.Length, tokens, ModelPrice.Of(settings.PricePerMillionTokens, tokens));
        }
    }

    private long Limit(int texts) => BytesPerItem + (texts * (BytesPerItem + ((long)settings.Dimensions * BytesPerNumber)));

    private void RequireKey()
    {
        if (settings is { NeedsKey: true, Key: null } && settings.Headers.IsEmpty)
        {
            throw new PermanentException(ErrorCodes.ProviderDenied, $"The provider {settings.Name} has no key: {settings.KeyRemedy}.");
        }
    }

    private HttpRequestMessage CreateRequest(string[] texts, bool query)
    {
        var content = new ReadOnlyMemoryContent(RequestWriter.Write(settings, texts, query));
        content.Headers.ContentType = Json;
        var request = new HttpRequestMessage(HttpMethod.Post, settings.Endpoint)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (settings.Key is { } key)
        {
            request.Headers.TryAddWithoutValidation(settings.UsesApiKeyHeader ? "api-key" : "Authorization", settings.UsesApiKeyHeader ? key : $"Bearer {key}");
        }

        foreach (var (name, value) in settings.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private void Normalize(float[] vector)
    {
        var norm = TensorPrimitives.Norm<float>(vector);
        if (!float.IsFinite(norm) || norm <= 0)
        {
            // Asked for alone, the other texts of the request get theirs.
            throw new InvalidDocumentException(ErrorCodes.InvalidEmbedding, $"The provider {settings.Name} gave a vector that is not finite or all zero.");
        }

        TensorPrimitives.Divide(vector, norm, vector);
    }

    private static async Task<string> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[ErrorBytes];
        var length = await body.ReadAtLeastAsync(buffer, ErrorBytes, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
