using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Quiver.Silo.Api.OpenApi;

/// <summary>What the document says about the API as a whole.</summary>
internal sealed class DocumentTransformer : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Quiver",
            Version = "v1",
            Description =
                "Documents to searchable vectors, durably. The header X-Quiver-Tenant says whose jobs and collections a request is about. Failures are "
                + "problem details (RFC 9457) with a stable code.",
        };

        // The address that the document was asked at; it would name whatever host the asker made up.
        document.Servers = [];
        return Task.CompletedTask;
    }
}
