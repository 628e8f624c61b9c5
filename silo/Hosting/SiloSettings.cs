namespace Quiver.Silo.Hosting;

/// <summary>What one process's silo is for.</summary>
/// <param name="DataDirectory">Where everything is kept, absolute; it exists and this process holds it.</param>
/// <param name="RunsJobs">Whether jobs go on here. One-shot commands that only read must not wake those that were interrupted.</param>
internal sealed record SiloSettings(string DataDirectory, bool RunsJobs);
