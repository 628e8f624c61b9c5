using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Orleans.Dashboard;
using Orleans.Hosting;
using Quiver.Silo.Options;

namespace Quiver.Silo.Hosting;

/// <summary>The dashboard of Orleans on the server, when the settings enable it.</summary>
internal static class OrleansDashboard
{
    /// <summary>Adds the dashboard's collectors; nothing when it is disabled, because collecting costs time.</summary>
    public static void AddOrleansDashboard(this ISiloBuilder silo, IConfiguration configuration)
    {
        if (configuration.GetValue<bool>($"{OrleansDashboardOptions.Section}:{nameof(OrleansDashboardOptions.Enabled)}"))
        {
            // Without its trace page, which would stream the silo's log.
            silo.AddDashboard(static options => options.HideTrace = true);
        }
    }

    /// <summary>Maps the pages, behind the password if there is one.</summary>
    public static void MapOrleansDashboardPages(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<OrleansDashboardOptions>>().Value is { Enabled: true } dashboard)
        {
            if (dashboard.Password.Length > 0)
            {
                app.UseWhen(
                    context => context.Request.Path.StartsWithSegments(dashboard.Path, StringComparison.OrdinalIgnoreCase),
                    branch => branch.UseMiddleware<OrleansDashboardPassword>(dashboard));
            }

            app.MapOrleansDashboard(dashboard.Path);
        }
    }
}

/// <summary>Requires the password of the dashboard, which has no authentication of its own.</summary>
internal sealed class OrleansDashboardPassword(RequestDelegate next, OrleansDashboardOptions options)
{
    private readonly byte[] _password = SHA256.HashData(Encoding.UTF8.GetBytes(options.Password));

    /// <summary>Called by the framework for each request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (HasPassword(context.Request.Headers.Authorization))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"Quiver\", charset=\"UTF-8\"";
        return Task.CompletedTask;
    }

    private bool HasPassword(string? header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var given)
            || !string.Equals(given.Scheme, "Basic", StringComparison.OrdinalIgnoreCase)
            || given.Parameter is null)
        {
            return false;
        }

        var bytes = new byte[given.Parameter.Length];
        if (!Convert.TryFromBase64String(given.Parameter, bytes, out var length))
        {
            return false;
        }

        var colon = bytes.AsSpan(0, length).IndexOf((byte)':');
        return colon >= 0 && CryptographicOperations.FixedTimeEquals(SHA256.HashData(bytes.AsSpan(colon + 1, length - colon - 1)), _password);
    }
}
