using Microsoft.AspNetCore.Http.HttpResults;
using Quiver.Client.Requests;
using Quiver.Silo.Api.OpenApi;
using Quiver.Silo.Api.Requests;

namespace Quiver.Silo.Api;

/// <summary>Endpoints that create, read, verify, search and delete collections.</summary>
internal static class CollectionEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var collections = v1.MapGroup("/collections").WithTags("Collections");
        collections.MapGet("", ListAsync).Describe("listCollections", "A page of collections by name.").Fails(400, ErrorCodes.InvalidOption);
        collections.MapGet("/{name}", GetAsync).Describe("getCollection", "A collection with its counts.").OfCollection();
        collections.MapPut("/{name}", CreateAsync)
            .Describe("createCollection", "Creates a collection. An existing one must have the same settings. Missing members take their defaults.")
            .Reads<CollectionSettings>()
            .Writes()
            .Fails(400, RequestErrorCodes.InvalidCollection, ErrorCodes.InvalidOption, ErrorCodes.NotSupported)
            .Fails(409, ErrorCodes.SettingsConflict, ErrorCodes.ModelMismatch, ErrorCodes.DimensionMismatch, ErrorCodes.TooManyDedicated);
        collections.MapPatch("/{name}", ChangeAsync)
            .Describe("changeCollection", "Changes settings of a collection. Missing members stay as they are.")
            .Reads<CollectionSettings>()
            .Writes()
            .OfCollection()
            .Fails(400, ErrorCodes.InvalidOption, ErrorCodes.NotSupported)
            .Fails(409, ErrorCodes.SettingsConflict);
        collections.MapPost("/{name}/reset-model-check", ResetModelCheckAsync)
            .Describe("resetModelCheck",
                "Forgets by which vector the collection's remote model is recognized. The next job compares the model with stored chunks and, if it is the same "
                + "one, stores a new vector. Changes no points.")
            .Writes()
            .OfCollection();
        collections.MapDelete("/{name}", DeleteAsync)
            .Describe("deleteCollection", "Deletes a collection with its points.")
            .Writes()
            .OfCollection()
            .Fails(409, ErrorCodes.CollectionInUse);
        collections.MapGet("/{name}/export", PointExportResult.CreateAsync)
            .Describe("exportCollection", "All points by id as JSON lines. An export that fails midway aborts the connection.")
            .Produces<ExportedPoint>(StatusCodes.Status200OK, PointExportResult.ContentType)
            .OfCollection();
        collections.MapPost("/{name}/verify", VerifyAsync)
            .Describe("verifyCollection", "Compares the ledger with the vector store and, with repair, repairs the difference. The counts cover all documents.")
            .Writes()
            .OfCollection()
            .Fails(400, ErrorCodes.InvalidOption);
        collections.MapPost("/{name}/search", SearchAsync)
            .Describe("searchCollection",
                "The chunks that fit a text, best first, found by vectors and words (hybrid), by vectors (dense) or by words (lexical); mode in the answer says "
                + "which. A hybrid score is 0 to 1. A dense score is the cosine similarity, -1 to 1, or the measure of the collection's distance: the dot "
                + "product, or a distance, where lower is nearer and scoreThreshold is the maximum. A lexical score is that of BM25. Notes say what limits the "
                + "worth of the hits.")
            .Reads<SearchQuery>()
            .Embeds()
            .OfCollection()
            .Fails(400, ErrorCodes.InvalidOption, ErrorCodes.NotSupported)
            .Fails(409, ErrorCodes.ModelMismatch)
            .Fails(503, ErrorCodes.IndexIncomplete);
        collections.MapPost("/{name}/facets", FacetAsync)
            .Describe("facetCollection", "The number of points for each value of a field, highest first.")
            .Reads<FacetQuery>()
            .OfCollection()
            .Fails(400, ErrorCodes.InvalidOption, ErrorCodes.NotSupported);
    }

    private static async Task<Ok<Page<CollectionInfo>>> ListAsync(
        TenantClient tenant, string? after, string? limit, CancellationToken cancellationToken) =>
        TypedResults.Ok(await tenant.Client.ListCollectionsAsync(after, QueryValues.Limit(limit, 100), cancellationToken));

    private static async Task<Ok<CollectionInfo>> GetAsync(TenantClient tenant, string name, CancellationToken cancellationToken) =>
        TypedResults.Ok(await tenant.Client.GetCollectionAsync(CollectionName.Parse(name), cancellationToken));

    private static async Task<Ok<CollectionInfo>> CreateAsync(TenantClient tenant, string name, HttpRequest request, CancellationToken cancellationToken)
    {
        var settings = await RequestBody.ReadSettingsAsync(request, cancellationToken);
        return TypedResults.Ok(await tenant.Client.CreateCollectionAsync(CollectionName.Parse(name), settings, cancellationToken));
    }

    private static async Task<Results<Ok<CollectionInfo>, Accepted<CollectionInfo>>> ChangeAsync(
        TenantClient tenant, string name, HttpRequest request, CancellationToken cancellationToken)
    {
        var changes = await RequestBody.ReadSettingsAsync(request, cancellationToken);
        var info = await tenant.Client.ChangeCollectionAsync(CollectionName.Parse(name), changes, cancellationToken);
        return info.Pending is null ? TypedResults.Ok(info) : TypedResults.Accepted((string?)null, info);
    }

    private static async Task<Ok<CollectionInfo>> ResetModelCheckAsync(TenantClient tenant, string name, CancellationToken cancellationToken) =>
        TypedResults.Ok(await tenant.Client.ResetModelCheckAsync(CollectionName.Parse(name), cancellationToken));

    private static async Task<NoContent> DeleteAsync(TenantClient tenant, string name, CancellationToken cancellationToken)
    {
        await tenant.Client.DeleteCollectionAsync(CollectionName.Parse(name), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<VerifyReport>> VerifyAsync(TenantClient tenant, string name, string? repair, CancellationToken cancellationToken) =>
        TypedResults.Ok(await tenant.Client.VerifyAsync(CollectionName.Parse(name), QueryValues.Flag(repair, "repair"), cancellationToken));

    private static async Task<Ok<SearchResult>> SearchAsync(TenantClient tenant, string name, HttpRequest request, CancellationToken cancellationToken)
    {
        var query = await RequestBody.ReadSearchAsync(request, cancellationToken);
        return TypedResults.Ok(await tenant.Client.SearchAsync(CollectionName.Parse(name), query.ToRequest(), cancellationToken));
    }

    private static async Task<Ok<FacetResult>> FacetAsync(TenantClient tenant, string name, HttpRequest request, CancellationToken cancellationToken)
    {
        var query = await RequestBody.ReadFacetAsync(request, cancellationToken);
        return TypedResults.Ok(new FacetResult(await tenant.Client.FacetAsync(CollectionName.Parse(name), query.ToRequest(), cancellationToken)));
    }
}
