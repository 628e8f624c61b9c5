using Microsoft.AspNetCore.Http.HttpResults;
using Quiver.Client.Requests;
using Quiver.Silo.Api.OpenApi;
using Quiver.Silo.Api.Requests;

namespace Quiver.Silo.Api;

/// <summary>Endpoints that show how documents are cut, or would be.</summary>
internal static class ChunkEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapPost("/chunks/preview", PreviewAsync)
            .WithTags("Chunks")
            .Describe("previewChunks", "Cuts a file into chunks as a job would, and stores nothing. Semantic chunking embeds the sentences, which may cost tokens.")
            .Reads<ChunkPreviewQuery>()
            .Embeds()
            .Fails(400, ErrorCodes.InvalidOption)
            .Fails(409, ErrorCodes.ModelMismatch);
        v1.MapGet("/collections/{name}/chunks", ListAsync)
            .WithTags("Chunks")
            .Describe("listChunks", "A page of a document's stored chunks, by number.")
            .OfCollection()
            .Fails(400, ErrorCodes.InvalidOption)
            .Fails(404, ErrorCodes.UnknownDocument);
    }

    private static async Task<Ok<ChunkPreview>> PreviewAsync(TenantClient tenant, HttpRequest request, CancellationToken cancellationToken)
    {
        var query = await RequestBody.ReadPreviewAsync(request, cancellationToken);
        return TypedResults.Ok(await tenant.Client.PreviewChunksAsync(query.ToRequest(), cancellationToken));
    }

    private static async Task<Ok<Page<DocumentChunk>>> ListAsync(
        TenantClient tenant, string name, string? document, string? after, string? limit, CancellationToken cancellationToken) =>
        TypedResults.Ok(await tenant.Client.ListChunksAsync(CollectionName.Parse(name), document ?? "", after, QueryValues.Limit(limit, 100), cancellationToken));
}
