using Orleans;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Tests.Unit.Client.Grains;

/// <summary>Answers the calls of a client in place of the grains: a job that only says what state it is in, and a ledger that holds its events.</summary>
internal sealed class ScriptedCalls(JobScript script) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        switch (context.MethodName)
        {
            case nameof(IIngestionJobGrain.GetStatusAsync):
                context.Result = script.Current;
                return Task.CompletedTask;
            case nameof(ITenantQueryGrain.ReadEventsAsync):
                context.Result = script.Read((long)context.Request.GetArgument(1)!, (int)context.Request.GetArgument(2)!);
                return Task.CompletedTask;
            case nameof(IIngestionJobGrain.CancelAsync):
                throw new TimeoutException("inside");
            case nameof(IIngestionJobGrain.RetryAsync):
                throw new InvalidOperationException("secret");
            default:
                // Orleans' own, such as those of streams.
                return context.Invoke();
        }
    }
}
