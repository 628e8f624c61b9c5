using Microsoft.Extensions.AI;
using Quiver.Core.Resilience;

namespace Quiver.Core.Embedding.Providers;

/// <summary>Sends nothing while the circuit is open. Throttling and refused texts are answers, not failures.</summary>
internal sealed class CircuitEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, CircuitBreaker circuit)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var trial = circuit.Enter();
        try
        {
            var embeddings = await base.GenerateAsync(values, options, cancellationToken);
            circuit.Succeeded();
            return embeddings;
        }
        catch (QuiverException e) when (e.Kind == FaultKind.Transient)
        {
            if (circuit.Failed(e, trial) is { } turnedAway)
            {
                throw turnedAway;
            }

            throw;
        }
        catch (QuiverException e) when (e.Kind == FaultKind.InvalidInput)
        {
            circuit.Succeeded();
            throw;
        }
        catch when (trial)
        {
            circuit.TrialEnded();
            throw;
        }
    }
}
