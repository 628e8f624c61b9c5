using Microsoft.AspNetCore.Http.HttpResults;
using Quiver.Core.Artifacts;
using Quiver.Silo.Api.OpenApi;

namespace Quiver.Silo.Api;

/// <summary>Serves links to artifacts in this server's store. A link works for every caller until it expires, whichever tenant owns the artifact.</summary>
internal static class ArtifactEndpoint
{
    public static void Map(WebApplication app) =>
        app.MapGet(ArtifactTokens.Route + "{token}", GetAsync)
            .WithTags("Artifacts")
            .Describe("getArtifact", "An artifact, by a link that an export returned.")
            .Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream")
            .Fails(404, ErrorCodes.UnknownArtifact);

    private static async Task<FileStreamHttpResult> GetAsync(HttpContext context, string token, CancellationToken cancellationToken)
    {
        var name = context.RequestServices.GetRequiredService<ArtifactTokens>().Read(token)
            ?? throw Unknown("The link has expired, or another server created it");
        var artifact = await context.RequestServices.GetRequiredService<IArtifactStore>().OpenAsync(name, cancellationToken)
            ?? throw Unknown("The artifact was deleted");
        context.Response.Headers.CacheControl = "private, no-store";

        // An artifact is untrusted data: a browser must not treat it as a page of this server.
        context.Response.Headers.ContentSecurityPolicy = "sandbox";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(artifact.Content, name.ContentType, name.File, enableRangeProcessing: artifact.Content.CanSeek);
    }

    private static NotFoundException Unknown(string why) => new(ErrorCodes.UnknownArtifact, $"{why}; export the job again to get a new link.");
}
