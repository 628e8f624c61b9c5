using Microsoft.Extensions.AI;
using Quiver.Core.Resilience;

namespace Quiver.Core.Embedding.Providers;

/// <summary>Repeats a request after transient faults; the other requests of the call continue meanwhile.</summary>
internal sealed class RetryEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, RequestRetry retry)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        return retry.RunAsync(() => base.GenerateAsync(texts, options, cancellationToken), cancellationToken);
    }
}

/// <summary>
/// Sends nothing while the circuit is open. Throttling and refused texts are answers, not failures. Before failures open the circuit, a control
/// request decides whether the provider fails, or only with the texts of these requests.
/// </summary>
internal sealed class CircuitEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, EmbeddingModelInfo model, CircuitBreaker circuit)
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
        catch (QuiverException exception) when (exception.Kind == FaultKind.Transient)
        {
            if (circuit.Failed(exception, trial, out var rejection))
            {
                rejection = await CheckAsync(exception, options, cancellationToken);
            }

            if (rejection is not null)
            {
                throw rejection;
            }

            throw;
        }
        catch (QuiverException exception) when (exception.Kind == FaultKind.InvalidInput)
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

    /// <summary>
    /// Closes the circuit when the provider answers a control request, even by a refusal or a throttle; opens it otherwise. A request that Quiver
    /// itself throttles, for lack of a slot or of a budget, was not sent and says nothing good about the provider.
    /// </summary>
    /// <returns>What to throw instead of the failure when the circuit is open; null while it is closed.</returns>
    private async Task<ThrottledException?> CheckAsync(QuiverException failure, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            var control = await ControlRequest.SendAsync(InnerGenerator, model, EmbeddingCallContext.Of(options), cancellationToken);
            if (control is { Kind: FaultKind.Transient } or { Kind: FaultKind.Throttled, InnerException: not ThrottledException })
            {
                return circuit.Open(failure);
            }

            circuit.Succeeded();
            return null;
        }
        catch
        {
            // The caller gave up: the next failure checks again.
            circuit.TrialEnded();
            throw;
        }
    }
}

/// <summary>
/// Lets no request pass while the provider is held, and afterwards one at a time at its pace. A request that came before the hold and still waits
/// is caught by <see cref="ThrottleEmbeddingGenerator"/>.
/// </summary>
internal sealed class HoldEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, ThrottleHold hold)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        await hold.EnterAsync(cancellationToken);
        return await base.GenerateAsync(values, options, cancellationToken);
    }
}

/// <summary>
/// Starts a hold when the provider throttles a request. Sits at the transport, so that a hold also stops requests that waited for their turn when
/// it began.
/// </summary>
internal sealed class ThrottleEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, ThrottleHold hold)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        hold.ThrowIfHeld();
        try
        {
            var embeddings = await base.GenerateAsync(values, options, cancellationToken);
            hold.Answered();
            return embeddings;
        }
        catch (ThrottledException exception) when (ThrottleCauses.Of(exception) == ThrottleCause.Provider)
        {
            throw new ThrottledException(exception.Code, exception.Message, exception) { RetryAfter = hold.Throttled(exception.RetryAfter) };
        }
        catch (ThrottledException exception) when (ThrottleCauses.Of(exception) == ThrottleCause.Quota)
        {
            hold.QuotaSpent(exception);
            throw;
        }
    }
}
