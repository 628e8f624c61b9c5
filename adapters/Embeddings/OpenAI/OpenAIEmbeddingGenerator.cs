using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Numerics.Tensors;
using System.Text;
using Microsoft.Extensions.AI;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>
/// Sends one request to a service with the protocol of OpenAI's <c>/v1/embeddings</c> and checks the answer: as many vectors as texts, each of
/// the model's dimensions, finite and not zero. Vectors are normalised here, because not every service does. Thread-safe.
/// </summary>
internal sealed class OpenAIEmbeddingGenerator(OpenAISettings settings, HttpClient http, TimeProvider time) : IEmbeddingGenerator<string, Embedding<float>>
{
    private const int ErrorBytes = 4096;

    // A number has at most 24 bytes as text; the rest of an item and of the answer is short.
    private const int BytesPerNumber = 32;
    private const int BytesPerItem = 4096;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Sends the texts.</summary>
    /// <param name="values">At least one, within the limits of the service.</param>
    /// <param name="options">The <see cref="EmbeddingCallContext"/>; nothing else in it is used.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="QuiverException">As <see cref="OpenAIFaults"/> classifies; <see cref="ErrorCodes.InvalidEmbedding"/> of kind
    /// <see cref="FaultKind.InvalidInput"/> when the vector of a text is unusable.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        RequireKey();
        var answer = await SendAsync(texts, EmbeddingCallContext.Of(options), cancellationToken);
        foreach (var vector in answer.Vectors)
        {
            Normalize(vector);
        }

        return new(answer.Vectors.Select(vector => new Embedding<float>(vector)))
        {
            Usage = answer.Tokens is { } tokens ? new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens } : null,
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("openai", settings.Endpoint, settings.Model, settings.Dimensions)
        : serviceType?.IsInstanceOfType(this) == true ? this
        : null;

    /// <summary>Does nothing: the HTTP client is shared.</summary>
    public void Dispose()
    {
    }

    private async Task<EmbeddingAnswer> SendAsync(string[] texts, EmbeddingCallContext context, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(texts, context.IsQuery);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw OpenAIFaults.FromResponse(settings, response, await ReadErrorAsync(response, cancellationToken), time.GetUtcNow());
            }

            return await ReadAnswerAsync(response, texts.Length, context, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw OpenAIFaults.FromConnection(settings, exception);
        }
    }

    /// <summary>From here on the answer is paid for, even when it is unusable.</summary>
    private async Task<EmbeddingAnswer> ReadAnswerAsync(
        HttpResponseMessage response, int texts, EmbeddingCallContext context, CancellationToken cancellationToken)
    {
        var reader = new AnswerReader(settings.Name, texts, settings.Dimensions);
        try
        {
            var (buffer, length) = await BodyReader.ReadAsync(response, Limit(texts), settings.Name, cancellationToken);
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
            var tokens = reader.Tokens ?? context.Tokens;
            context.Meter?.Answered(texts, tokens, ModelPrice.Of(settings.PricePerMillionTokens, tokens));
        }
    }

    private long Limit(int texts) => BytesPerItem + (texts * (BytesPerItem + ((long)settings.Dimensions * BytesPerNumber)));

    private void RequireKey()
    {
        if (settings.IsKeyMissing)
        {
            throw new PermanentException(ErrorCodes.ProviderDenied, $"The provider {settings.Name} has no API key: {settings.KeyRemedy}.");
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
            // The request is halved, so the other texts get their vectors.
            throw new InvalidDocumentException(ErrorCodes.InvalidEmbedding, $"The provider {settings.Name} returned a vector that is not finite or all zero.");
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

/// <summary>
/// The HTTP client of all providers. Pooled connections are renewed, so a changed DNS entry is noticed. Redirects are not followed, because
/// they would send the API key to another host.
/// </summary>
internal sealed class ProviderHttp : IDisposable
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The client, without a timeout: every request has its own.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = ConnectionLifetime,
        ConnectTimeout = ConnectTimeout,
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseCookies = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => Client.Dispose();
}
