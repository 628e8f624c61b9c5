namespace Quiver.Tests.Unit.Cli;

public sealed class ReadingTests
{
    [Theory]
    [InlineData("search q --collection books", true)]
    [InlineData("jobs list", true)]
    [InlineData("jobs show job-1", true)]
    [InlineData("jobs watch job-1", true)]
    [InlineData("jobs report job-1", true)]
    [InlineData("jobs failures job-1", true)]
    [InlineData("jobs failures job-1 --export", false)]
    [InlineData("jobs pause job-1", false)]
    [InlineData("jobs resume job-1", false)]
    [InlineData("jobs cancel job-1", false)]
    [InlineData("jobs retry job-1", false)]
    [InlineData("collections list", true)]
    [InlineData("collections show books", true)]
    [InlineData("collections facets books path", true)]
    [InlineData("collections export books", true)]
    [InlineData("collections verify books", true)]
    [InlineData("collections verify books --repair", false)]
    [InlineData("collections create books", false)]
    [InlineData("collections set books --retain-for 9d", false)]
    [InlineData("collections delete books --yes", false)]
    [InlineData("providers list", true)]
    [InlineData("providers test openai", true)]
    [InlineData("usage", true)]
    [InlineData("ingest a --collection books", false)]
    public async Task Command_SaysWhetherItOnlyReads(string line, bool onlyReads)
    {
        var cli = new CliHarness();
        cli.Client.Job = Samples.Job(JobState.Completed);

        await cli.RunAsync(line.Split(' '));

        Assert.Equal(onlyReads, cli.Session.Opened!.OnlyReads);
        Assert.False(cli.Session.Opened.OnlyReads && cli.Session.Opened.RunsJobs);
    }
}
