using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
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
internal sealed class OpenAIEmbeddingGenerator(OpenAISettings settings, ProviderHttp http, TimeProvider time) : IEmbeddingGenerator<string, Embedding<float>>
{
    // Google's errors have long details.
    private const int ErrorBytes = 32 * 1024;

    // The page of a login is often larger than the vectors would be.
    private const int PageBytes = 1024 * 1024;

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
            using var response = await http.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? await ReadAnswerAsync(response, texts.Length, context, cancellationToken)
                : throw Classify(response, await ReadErrorAsync(response, cancellationToken), texts.Length);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw ConnectionFaults.Classify(settings, exception, http.FindProxy(settings.Endpoint));
        }
    }

    private QuiverException Classify(HttpResponseMessage response, string body, int texts) =>
        OpenAIFaults.FromResponse(settings, response, body, texts, http.FindProxy(settings.Endpoint), time.GetUtcNow());

    private async Task<EmbeddingAnswer> ReadAnswerAsync(
        HttpResponseMessage response, int texts, EmbeddingCallContext context, CancellationToken cancellationToken)
    {
        var reader = new AnswerReader(settings.Name, texts, settings.Dimensions);
        var isForeign = false;
        try
        {
            var (buffer, length) = await BodyReader.ReadAsync(
                response, ForeignAnswer.IsPage(response) ? Math.Max(Limit(texts), PageBytes) : Limit(texts), settings.Name, cancellationToken);
            try
            {
                var body = buffer.AsMemory(0, length);
                isForeign = body.Span.TrimStart(" \t\r\n"u8) is [not ((byte)'{' or (byte)'['), ..];
                return isForeign ? throw Classify(response, Start(body), texts) : reader.Read(body.Span);
            }
            catch (TransientException) when (reader.IsError)
            {
                throw Classify(response, Start(buffer.AsMemory(0, length)), texts);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        finally
        {
            // From here on the answer is paid for, even when it is unusable; not if it is an error, or comes from something in between.
            if (!isForeign && !reader.IsError)
            {
                var tokens = reader.Tokens ?? context.Tokens;
                context.Meter?.Answered(texts, tokens, ModelPrice.Of(settings.PricePerMillionTokens, tokens));
            }
        }

        static string Start(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, ErrorBytes)]);
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
/// they would send the API key to another host. Proxies come from the environment, as everywhere in .NET: <c>HTTPS_PROXY</c>,
/// <c>http_proxy</c>, <c>ALL_PROXY</c>, <c>NO_PROXY</c>.
/// </summary>
internal sealed class ProviderHttp : IDisposable
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly IWebProxy? _proxy;

    /// <summary>Creates the client.</summary>
    /// <param name="proxy">Replaces the proxies of the environment; null for those.</param>
    public ProviderHttp(IWebProxy? proxy = null)
    {
        _proxy = proxy;
        Client = new(new SocketsHttpHandler
        {
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectTimeout = ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = proxy,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = CertificateException.Validate },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The client, without a timeout: every request has its own.</summary>
    public HttpClient Client { get; }

    /// <summary>The proxy that requests to an address take; null for none.</summary>
    /// <param name="address">The address.</param>
    public Uri? FindProxy(Uri address)
    {
        var proxies = _proxy ?? HttpClient.DefaultProxy;
        return proxies.IsBypassed(address) || proxies.GetProxy(address) is not { } proxy || proxy == address ? null : proxy;
    }

    public void Dispose() => Client.Dispose();
}
