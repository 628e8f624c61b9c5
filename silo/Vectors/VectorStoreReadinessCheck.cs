using Quiver.Core.Vectors;
using Quiver.Silo.Api.Health;

namespace Quiver.Silo.Vectors;

/// <summary>Ready while the vector store answers.</summary>
internal sealed class VectorStoreReadinessCheck(IVectorStore store) : IReadinessCheck
{
    public string Name => "vectors";

    public async ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.DescribeAsync(cancellationToken);
            return null;
        }
        catch (OperationCanceledException)
        {
            return "The vector store does not answer in time.";
        }
        catch (QuiverException e)
        {
            return e.Code switch
            {
                ErrorCodes.AccessDenied => "The vector store refuses the credentials.",
                ErrorCodes.NotSupported => "The vector store is too old.",
                _ => "The vector store cannot be reached.",
            };
        }
    }
}
