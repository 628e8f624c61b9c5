using System.Globalization;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Silo;

/// <summary>A single silo opens no port that was not asked for.</summary>
public sealed class ListeningSocketTests : IDisposable
{
    private const string Listening = "0A";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_OfASingleSilo_ListensAtItsHttpAddressOnly()
    {
        await using var server = await ServeProcess.StartAsync(_folder.Path, _folder.At("data"));

        Assert.Equal([server.Address.Port], ListeningPorts(server.Process.Id));
    }

    [Fact]
    public async Task Servers_OnDirectoriesOfTheirOwn_RunSideBySide()
    {
        await using var one = await ServeProcess.StartAsync(_folder.Path, _folder.At("one"));
        await using var two = await ServeProcess.StartAsync(_folder.Path, _folder.At("two"));

        Assert.Empty((await one.Client.ListJobsAsync(new(), TestContext.Current.CancellationToken)).Items);
        Assert.Empty((await two.Client.ListJobsAsync(new(), TestContext.Current.CancellationToken)).Items);
    }

    /// <summary>The TCP ports at which a process listens, from what Linux says of its open files and sockets.</summary>
    private static IEnumerable<int> ListeningPorts(int process)
    {
        var sockets = Directory.EnumerateFiles($"/proc/{process}/fd")
            .Select(static file => new FileInfo(file).LinkTarget)
            .Where(static target => target?.StartsWith("socket:[", StringComparison.Ordinal) == true)
            .Select(static target => target![8..^1])
            .ToHashSet();
        return new[] { "tcp", "tcp6" }
            .SelectMany(table => File.ReadLines($"/proc/{process}/net/{table}").Skip(1))
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == Listening && sockets.Contains(fields[9]))
            .Select(static fields => int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
