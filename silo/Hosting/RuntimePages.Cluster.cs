using Microsoft.Extensions.Options;
using Orleans.Dashboard;
using Quiver.Silo.Hosting.Cluster;
using ClusterOptions = Quiver.Silo.Hosting.Cluster.ClusterOptions;

namespace Quiver.Silo.Hosting;

/// <summary>Pages that the actor runtime brings along: Orleans' dashboard, where the settings want it.</summary>
internal static class RuntimePages
{
    /// <summary>Maps them, behind a gate.</summary>
    /// <param name="app">The server.</param>
    public static void MapRuntimePages(this WebApplication app)
    {
        // A server that was put together without a silo of the cluster has no such options, and no pages.
        if (app.Services.GetService<IOptions<ClusterOptions>>()?.Value.Dashboard is { Enabled: true } dashboard)
        {
            app.UseWhen(context => context.Request.Path.StartsWithSegments(dashboard.Path, StringComparison.OrdinalIgnoreCase), branch => branch.UseMiddleware<DashboardGate>(dashboard));
            app.MapOrleansDashboard(dashboard.Path);
        }
    }
}
