namespace Quiver.Silo.Hosting;

/// <summary>Pages that the actor runtime brings along: none in the standalone edition.</summary>
internal static class RuntimePages
{
    /// <summary>Maps them.</summary>
    /// <param name="app">The server.</param>
    public static void MapRuntimePages(this WebApplication app) => ArgumentNullException.ThrowIfNull(app);
}
