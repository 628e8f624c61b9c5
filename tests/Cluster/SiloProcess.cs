using Quiver.Client;
using Quiver.Tests.Support;

namespace Quiver.Tests.Cluster;

/// <summary>A silo as a process of its own, on a data directory of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly ServeProcess _server;

    private SiloProcess(string name, ServeProcess server)
    {
        Name = name;
        _server = server;
    }

    public string Name { get; }

    public QuiverProcess Process => _server.Process;

    public Uri Address => _server.Address;

    public static async Task<SiloProcess> StartAsync(SharedServices services, IReadOnlyDictionary<string, string?> more)
    {
        var (name, settings) = services.NextSilo();
        var home = Directory.CreateDirectory(services.Folder.At(name)).FullName;
        return new(name, await ServeProcess.StartAsync(home, Path.Combine(home, "data"), QuiverProcess.ToEnvironment(settings.Concat(more))));
    }

    public IQuiverClient ClientOf(string tenant) => _server.ClientOf(tenant);

    /// <summary>Whether the job was last taken up here, as far as the log says.</summary>
    public long EpochOf(string tenant, JobId job)
    {
        var mark = $"Job {tenant}/{job} continues at document ";
        return Process.Error.Lines
            .Select(line => line.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at ? line[(at + mark.Length)..] : null)
            .Where(static rest => rest is not null)
            .Select(static rest => long.Parse(new string([.. rest!.Split("epoch ")[1].TakeWhile(char.IsAsciiDigit)])))
            .DefaultIfEmpty(0)
            .Max();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
