using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding.Budgets;

/// <summary>What a silo said last of a tenant's requests that wait there.</summary>
internal sealed class WaitingDemand(string silo, TenantDemand demand, DateTimeOffset until)
{
    public string Silo => silo;

    public TenantId Tenant => demand.Tenant;

    /// <summary>When it is forgotten: a silo that does not come back must not hold up the others.</summary>
    public DateTimeOffset Until => until;

    /// <summary>Whether it is part of the ask that is being answered; what is not only keeps its place.</summary>
    public bool IsAsking { get; set; } = true;

    /// <summary>Requests that got their turn in this ask.</summary>
    public int Served { get; set; }

    /// <summary>Whether any waits still.</summary>
    public bool HasNext => Served < demand.Requests.Length;

    /// <summary>The tokens of the next one.</summary>
    public int Next => demand.Requests[Served];

    /// <summary>What still waits after the ask; null when nothing does.</summary>
    public WaitingDemand? Rest() =>
        !IsAsking ? new(silo, demand, until)
        : HasNext ? new(silo, demand with { Requests = demand.Requests[Served..] }, until)
        : null;
}
