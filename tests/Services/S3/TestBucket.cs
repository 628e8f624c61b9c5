using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Amazon.S3.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quiver.Adapters.Sources.S3;
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Sources;
using Quiver.Tests.Support;

namespace Quiver.Tests.Services.S3;

/// <summary>A bucket of a test's own, and sources over it.</summary>
public sealed class TestBucket(S3Server server, string name)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Name => name;

    public string Address(string key = "") => $"s3://{name}/{key}";

    public Task PutAsync(string key, string content) => PutAsync(key, Encoding.UTF8.GetBytes(content));

    public async Task PutAsync(string key, byte[] content)
    {
        using var stream = new MemoryStream(content);
        await server.Client.PutObjectAsync(new PutObjectRequest { BucketName = name, Key = key, InputStream = stream }, Token);
    }

    /// <summary>What an object has.</summary>
    public async Task<string> TextAsync(string key)
    {
        using var found = await server.Client.GetObjectAsync(name, key, Token);
        using var reader = new StreamReader(found.ResponseStream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Token);
    }

    public Task DeleteAsync(string key) => server.Client.DeleteObjectAsync(name, key, Token);

    /// <summary>Makes a large object of one block, stored once and read so many times.</summary>
    public async Task PutRepeatedAsync(string key, byte[] block, int repetitions)
    {
        await PutAsync($"parts-of-{key}", block);
        using var storage = await SwiftStorage.OpenAsync(server.Endpoint, Token);
        await storage.RepeatAsync(name, key, $"parts-of-{key}", repetitions, Token);
    }

    /// <summary>Makes many small objects, some hundred at once.</summary>
    public async Task PutManyAsync(IEnumerable<string> keys)
    {
        using var storage = await SwiftStorage.OpenAsync(server.Endpoint, Token);
        foreach (var part in keys.Chunk(250))
        {
            await storage.UnpackAsync(name, await PackAsync(part), Token);
        }
    }

    public SourceSpec Spec(params string[] keys) => new() { Kind = "s3", Paths = [.. (keys.Length == 0 ? [""] : keys).Select(Address)] };

    /// <summary>The settings that reach the server, as options.</summary>
    public Action<S3Options> Settings(Action<S3Options>? change = null) => options =>
    {
        options.Endpoint = server.Endpoint;
        options.AccessKey = S3ServerProcess.AccessKey;
        options.SecretKey = S3ServerProcess.SecretKey;
        options.RetryBaseDelay = TimeSpan.FromMilliseconds(20);
        change?.Invoke(options);
    };

    /// <summary>The same for a silo.</summary>
    internal (string Name, string Value)[] Configuration =>
    [
        ("Quiver:S3:Endpoint", server.Endpoint.AbsoluteUri),
        ("Quiver:S3:AccessKey", S3ServerProcess.AccessKey),
        ("Quiver:S3:SecretKey", S3ServerProcess.SecretKey),
    ];

    public ISourceFactory Factory(Action<S3Options>? change = null, ILoggerProvider? log = null) =>
        Services(change, log).BuildServiceProvider().GetRequiredService<ISourceFactory>();

    /// <summary>S3 as a silo registers it.</summary>
    public IServiceCollection Services(Action<S3Options>? change = null, ILoggerProvider? log = null) => new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddSingleton(Random.Shared)
        .AddLogging(logging => logging.AddProvider(log ?? NullLoggerProvider.Instance))
        .AddS3Sources(Settings(change));

    public Task<IDocumentSource> OpenAsync(SourceSpec spec, Action<S3Options>? change = null, ILoggerProvider? log = null) => Factory(change, log).OpenAsync(spec, Token);

    public async Task<List<SourceRecord>> ReadAsync(SourceSpec spec, SourceCursor? from = null, Action<S3Options>? change = null) =>
        await (await OpenAsync(spec, change)).ReadAsync(from ?? SourceCursor.Start, Token).ToListAsync(Token);

    /// <summary>Ids, each with its fault's code if it has one.</summary>
    public async Task<string[]> OutcomesAsync(SourceSpec spec, Action<S3Options>? change = null) =>
        [.. (await ReadAsync(spec, null, change)).Select(static record => FileSources.Show(record.Item))];

    public static byte[] Gzip(string content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(content));
        }

        return packed.ToArray();
    }

    /// <summary>Lines of JSON that read <c>{"text":"PREFIX 0 …"}</c>, so many bytes long each.</summary>
    public static string Lines(string prefix, int count, int bytes = 200) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $$"""{"text":"{{$"{prefix} {i} ".PadRight(bytes - 12, 'x')}}"}""" + "\n"));

    private static async Task<byte[]> PackAsync(IEnumerable<string> keys)
    {
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var key in keys)
            {
                using var content = new MemoryStream(Encoding.UTF8.GetBytes(key));
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, key) { DataStream = content }, Token);
            }
        }

        return archive.ToArray();
    }
}
