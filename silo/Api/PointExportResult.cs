using System.Buffers;
using System.Text.Json;
using Quiver.Client.Json;
using Quiver.Silo.Api.Requests;

namespace Quiver.Silo.Api;

/// <summary>Streams points as JSON lines, with at most one page in memory.</summary>
/// <param name="points">The points, on which MoveNextAsync was called once.</param>
/// <param name="any">The result of that call.</param>
internal sealed class PointExportResult(IAsyncEnumerator<ExportedPoint> points, bool any) : IResult
{
    public const string ContentType = "application/jsonl";

    private const int FlushThreshold = 64 * 1024;

    /// <summary>Reads the first point before the response starts: an unknown collection is a 404, not a broken stream.</summary>
    public static async Task<IResult> CreateAsync(TenantClient tenant, string name, CancellationToken cancellationToken)
    {
        var points = tenant.Client.ExportAsync(CollectionName.Parse(name), cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            return new PointExportResult(points, await points.MoveNextAsync());
        }
        catch
        {
            await points.DisposeAsync();
            throw;
        }
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using (points)
        {
            var response = httpContext.Response;
            response.ContentType = ContentType;
            var body = response.BodyWriter;
            await using var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = QuiverJsonContext.Shared.Options.Encoder });
            for (var more = any; more; more = await points.MoveNextAsync())
            {
                JsonSerializer.Serialize(json, points.Current, QuiverJsonContext.Shared.ExportedPoint);
                await json.FlushAsync(httpContext.RequestAborted);
                json.Reset();
                body.Write("\n"u8);
                if (body.UnflushedBytes >= FlushThreshold)
                {
                    await body.FlushAsync(httpContext.RequestAborted);
                }
            }

            await body.FlushAsync(httpContext.RequestAborted);
        }
    }
}
