namespace Quiver.Silo.DataDirectory;

/// <summary>Who holds a data directory, as <c>server.json</c> says.</summary>
/// <param name="Address">The server's address for programs on this machine; null for a command that serves nobody.</param>
/// <param name="Pid">The process.</param>
/// <param name="StartedAt">When it took the directory, UTC.</param>
/// <param name="Purpose">What it does with it, such as <c>quiver ingest</c>.</param>
/// <param name="RunsJobs">True when it runs the directory's jobs.</param>
public sealed record DataDirectoryHolder(Uri? Address, int Pid, DateTimeOffset StartedAt, string Purpose, bool? RunsJobs = null);
