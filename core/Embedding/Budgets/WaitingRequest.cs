namespace Quiver.Core.Embedding.Budgets;

/// <summary>A request that waits at the gate.</summary>
internal sealed class WaitingRequest(TenantId tenant, int tokens, long since) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public TenantId Tenant => tenant;

    public int Tokens => tokens;

    /// <summary>When it came: a timestamp of the clock.</summary>
    public long Since => since;
}
