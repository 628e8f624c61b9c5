using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Quiver.Adapters.Artifacts;
using Quiver.Core.Artifacts;
using Quiver.Tests.Conformance.Artifacts;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Artifacts;

[Collection(S3ServerCollection.Name)]
public sealed class S3ArtifactStoreTests(S3Server server) : ArtifactStoreConformance
{
    [Fact]
    public async Task Link_Presigned_GivesTheBytesOfItsArtifactOnly()
    {
        var store = await CreateAsync();
        await PutAsync(store, "acme/jobs/j1/failures.jsonl", "{}\n");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        var link = await store.LinkAsync(ArtifactName.Parse("acme/jobs/j1/failures.jsonl"), DateTimeOffset.UtcNow.AddMinutes(5), Token);
        using var answer = await http.GetAsync(link, Token);

        Assert.Equal("{}\n", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal("application/jsonl", answer.Content.Headers.ContentType?.MediaType);
        var tampered = new Uri(link.AbsoluteUri.Replace("failures.jsonl", "other.jsonl", StringComparison.Ordinal));
        using var refused = await http.GetAsync(tampered, Token);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Link_Presigned_IsRefusedOnceItHasExpired()
    {
        var store = await CreateAsync();
        await PutAsync(store, "acme/jobs/j1/failures.jsonl", "{}\n");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var link = await store.LinkAsync(ArtifactName.Parse("acme/jobs/j1/failures.jsonl"), DateTimeOffset.UtcNow.AddSeconds(3), Token);

        await Patience.UntilAsync(async () => (await AskAsync()).Status == HttpStatusCode.Forbidden, "the link had expired");

        Assert.Contains("expired", (await AskAsync()).Said, StringComparison.OrdinalIgnoreCase);

        async Task<(HttpStatusCode Status, string Said)> AskAsync()
        {
            using var answer = await http.GetAsync(link, Token);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
        }
    }

    [Fact]
    public async Task Put_MissingBucket_SaysSo()
    {
        var store = await CreateAsync("no-such-bucket");

        var error = await Assert.ThrowsAsync<PermanentException>(() => PutAsync(store, "acme/a.txt", "a"));

        Assert.Equal(ErrorCodes.BucketNotFound, error.Code);
    }

    protected override Task<IArtifactStore> CreateAsync() => CreateAsync(null);

    private async Task<IArtifactStore> CreateAsync(string? bucketName)
    {
        var bucket = await server.NewBucketAsync();
        var services = bucket.Services().AddArtifacts(Path.GetTempPath(), Path.Combine(Path.GetTempPath(), "artifacts.key"));
        services.Configure<ArtifactOptions>(options =>
        {
            options.Store = ArtifactPlace.S3;
            options.Bucket = bucketName ?? bucket.Name;
            options.Prefix = "quiver/";
        });
        return services.BuildServiceProvider().GetRequiredService<IArtifactStore>();
    }
}
