using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Storage.S3;

/// <summary>The client of the endpoint: created on first use, shared by all callers. Thread-safe.</summary>
internal sealed class S3Connection(IOptions<S3Options> options) : IDisposable
{
    private readonly Lazy<AmazonS3Client> _client = new(() => Create(options.Value));

    public IAmazonS3 Client => _client.Value;

    public S3Options Options => options.Value;

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private static AmazonS3Client Create(S3Options options)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle ?? options.Endpoint is not null,

            // Only S3Requests retries: it knows the progress and can be cancelled.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            ThrottleRetries = false,
            ConnectTimeout = options.IdleTimeout,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = options.Region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return Credentials(options) is { } credentials ? new(credentials, config) : new(config);
    }

    private static AWSCredentials? Credentials(S3Options options)
    {
        if (options.Anonymous)
        {
            return new AnonymousAWSCredentials();
        }

        if (string.IsNullOrEmpty(options.AccessKey))
        {
            return null;
        }

        return string.IsNullOrEmpty(options.SessionToken)
            ? new BasicAWSCredentials(options.AccessKey, options.SecretKey)
            : new SessionAWSCredentials(options.AccessKey, options.SecretKey, options.SessionToken);
    }
}
