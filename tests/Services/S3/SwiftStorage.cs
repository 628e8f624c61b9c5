using System.Net.Http.Json;

namespace Quiver.Tests.Services.S3;

/// <summary>The server's Swift protocol, which creates many objects and large ones faster than S3.</summary>
internal sealed class SwiftStorage : IDisposable
{
    // Long enough for a loaded machine.
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(5) };
    private readonly string _root;
    private readonly string _token;

    private SwiftStorage(HttpResponseMessage allowed)
    {
        _root = allowed.Headers.GetValues("X-Storage-Url").Single();
        _token = allowed.Headers.GetValues("X-Auth-Token").Single();
    }

    public static async Task<SwiftStorage> OpenAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint, "auth/v1.0"))
        {
            Headers = { { "X-Storage-User", S3ServerProcess.AccessKey }, { "X-Storage-Pass", S3ServerProcess.SecretKey } },
        };
        using var allowed = (await http.SendAsync(request, cancellationToken)).EnsureSuccessStatusCode();
        return new(allowed);
    }

    /// <summary>Makes a large object from one stored object that is repeated.</summary>
    public async Task RepeatAsync(string bucket, string key, string part, int repetitions, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(Enumerable.Repeat(new Dictionary<string, string> { ["path"] = $"/{bucket}/{part}" }, repetitions));
        await content.LoadIntoBufferAsync(cancellationToken);
        await PutAsync($"{bucket}/{key}?multipart-manifest=put", content, cancellationToken);
    }

    /// <summary>Makes an object of every entry of a tar archive.</summary>
    public async Task UnpackAsync(string bucket, byte[] tar, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(tar);
        await PutAsync($"{bucket}?extract-archive=tar", content, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task PutAsync(string path, HttpContent content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{_root}/{path}") { Headers = { { "X-Auth-Token", _token } }, Content = content };
        using var answer = (await _http.SendAsync(request, cancellationToken)).EnsureSuccessStatusCode();
        Assert.DoesNotContain("Errors:\n/", await answer.Content.ReadAsStringAsync(cancellationToken), StringComparison.Ordinal);
    }
}
