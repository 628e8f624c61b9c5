using Microsoft.AspNetCore.Http.HttpResults;
using Quiver.Core.Artifacts;
using Quiver.Silo.Api.OpenApi;

namespace Quiver.Silo.Api;

/// <summary>Answers links to artifacts that this server keeps: whoever has one may fetch it until it expires, whichever tenant's it is.</summary>
internal static class ArtifactEndpoint
{
    public static void Map(WebApplication app) =>
        app.MapGet(ArtifactTokens.Route + "{token}", GetAsync)
            .WithTags("Artifacts")
            .Describe("getArtifact", "An artifact, by a link that an export gave.")
            .Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream")
            .Fails(404, ErrorCodes.UnknownArtifact);

    private static async Task<FileStreamHttpResult> GetAsync(HttpContext context, string token, CancellationToken cancellationToken)
    {
        var name = context.RequestServices.GetRequiredService<ArtifactTokens>().Read(token) ?? throw Unknown("The link has expired, or is not one of this server");
        var artifact = await context.RequestServices.GetRequiredService<IArtifactStore>().OpenAsync(name, cancellationToken) ?? throw Unknown("The artifact is gone");
        context.Response.Headers.CacheControl = "private, no-store";
        // What a job wrote is data of somebody's: no browser shall take it for a page of this server.
        context.Response.Headers.ContentSecurityPolicy = "sandbox";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(artifact.Content, name.ContentType, name.File, enableRangeProcessing: artifact.Content.CanSeek);
    }

    private static NotFoundException Unknown(string why) => new(ErrorCodes.UnknownArtifact, $"{why}; export the job again for a new one.");
}
