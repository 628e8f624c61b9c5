using Amazon.S3.Model;
using Quiver.Bench.Measuring;
using Quiver.Tests.Services.S3;

namespace Quiver.Bench.Memory;

/// <summary>A bucket of a real S3 server for inputs; child processes find it by their environment.</summary>
internal sealed class S3Input : IAsyncDisposable
{
    private const string Bucket = "bench";
    private readonly S3ServerProcess _server;

    private S3Input(S3ServerProcess server) => _server = server;

    /// <summary>Starts the server in a folder.</summary>
    public static async Task<S3Input> StartAsync(string data)
    {
        var sources = SourceFolder.Find();
        if (await S3ServerProcess.InstallAsync(sources) is { } reason)
        {
            throw new InvalidOperationException($"There is no S3 server here: {reason}.");
        }

        var server = await S3ServerProcess.StartAsync(sources, data);
        Environment.SetEnvironmentVariable("QUIVER__S3__ENDPOINT", server.Endpoint.AbsoluteUri);
        Environment.SetEnvironmentVariable("QUIVER__S3__ACCESSKEY", S3ServerProcess.AccessKey);
        Environment.SetEnvironmentVariable("QUIVER__S3__SECRETKEY", S3ServerProcess.SecretKey);
        using var client = server.NewClient();
        await client.PutBucketAsync(Bucket);
        return new(server);
    }

    /// <summary>Stores a file and returns its address.</summary>
    public async Task<string> StoreAsync(string file)
    {
        using var client = _server.NewClient();
        var key = Path.GetFileName(file);
        await client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, FilePath = file });
        return $"s3://{Bucket}/{key}";
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
