using Quiver.Tests.Support;

namespace Quiver.Tests.Cluster;

/// <summary>The program that docs/cluster.md shows does what the page says.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SampleProgramTests
{
    [Fact]
    public async Task SampleProgram_OnACluster_SubmitsWatchesAndSearches()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("resume.md"), "A paused job continues after quiver jobs resume.\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.At("other.md"), "Something else.\n", TestContext.Current.CancellationToken);
        await using var cluster = await ClusterProcesses.StartAsync(1);
        var console = Console.Out;
        await using var written = new StringWriter();

        Console.SetOut(written);
        try
        {
            await SampleProgram.RunAsync([cluster.Services.Postgres.ConnectionString, folder.Path]);
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.Contains("Completed: 2 documents", written.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^-?\d\.\d{3} \S*resume\.md:1 A paused job", written.ToString());
    }
}
