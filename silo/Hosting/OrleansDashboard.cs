using Microsoft.Extensions.Options;
using Orleans.Dashboard;
using Orleans.Hosting;
using Quiver.Silo.Serving;

namespace Quiver.Silo.Hosting;

/// <summary>Orleans' own dashboard on the server, where the settings want it.</summary>
internal static class OrleansDashboard
{
    /// <summary>Adds what the dashboard collects; nothing where it is off, because collecting costs time.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configuration">The settings.</param>
    public static void AddOrleansDashboard(this ISiloBuilder silo, IConfiguration configuration)
    {
        if (configuration.GetValue<bool>($"{OrleansDashboardOptions.Section}:{nameof(OrleansDashboardOptions.Enabled)}"))
        {
            // Without its trace page, which would stream the silo's log.
            silo.AddDashboard(static options => options.HideTrace = true);
        }
    }

    /// <summary>Maps the pages, behind the password if there is one.</summary>
    /// <param name="app">The server.</param>
    public static void MapOrleansDashboardPages(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<OrleansDashboardOptions>>().Value is { Enabled: true } dashboard)
        {
            if (dashboard.Password.Length > 0)
            {
                app.UseWhen(
                    context => context.Request.Path.StartsWithSegments(dashboard.Path, StringComparison.OrdinalIgnoreCase),
                    branch => branch.UseMiddleware<OrleansDashboardGate>(dashboard));
            }

            app.MapOrleansDashboard(dashboard.Path);
        }
    }
}
