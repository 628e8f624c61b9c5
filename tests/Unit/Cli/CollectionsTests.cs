
using Quiver.Cli;

namespace Quiver.Tests.Unit.Cli;

public sealed class CollectionsTests
{
    [Theory]
    [InlineData("y", ExitCodes.Success, true)]
    [InlineData("Yes", ExitCodes.Success, true)]
    [InlineData("", ExitCodes.Failure, false)]
    [InlineData("no", ExitCodes.Failure, false)]
    public async Task Delete_OnATerminal_AsksFirst(string answer, int expected, bool deleted)
    {
        var cli = new CliHarness { Answer = answer };

        Assert.Equal(expected, await cli.RunAsync("collections", "delete", "books"));

        Assert.Contains("Delete collection books with 3 documents and 9 points permanently?", cli.Error, StringComparison.Ordinal);
        Assert.Equal(deleted, cli.Client.Calls.Contains("delete"));
    }

    public static TheoryData<IndexStatus?, string?> Indexes => new()
    {
        { null, null },
        { new() { State = IndexState.Ready, IndexedShare = 1 }, "index        ready, 100 % indexed" },
        { new() { State = IndexState.Indexing, IndexedShare = 0.254, QueuedWrites = 1_500 }, "index        being built, 25 % indexed, 1,500 writes queued" },
        { new() { State = IndexState.Failed, Fault = "Out of memory." }, "index        failed: Out of memory." },
    };

    [Theory]
    [MemberData(nameof(Indexes))]
    public async Task Show_OfAnIndexedCollection_SaysHowFarItIs(IndexStatus? index, string? line)
    {
        var cli = new CliHarness();
        cli.Client.Index = index;

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("collections", "show", "books"));

        Assert.Equal(line, cli.Out.Split('\n').SingleOrDefault(static text => text.StartsWith("index ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Delete_WithYes_DoesNotAsk()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("collections", "delete", "books", "--yes"));
        Assert.Contains("delete", cli.Client.Calls);
        Assert.Empty(cli.Error);
    }

    [Theory]
    [InlineData(0, false, ExitCodes.Success)]
    [InlineData(0, true, ExitCodes.Success)]
    [InlineData(2, false, ExitCodes.Failure)]
    [InlineData(2, true, ExitCodes.Warnings)]
    public async Task Verify_WhatItFound_IsTheExitCode(int missing, bool repair, int expected)
    {
        var cli = new CliHarness();
        cli.Client.Verify = new() { Documents = 3, ExpectedPoints = 9, MissingPoints = missing, Differing = missing > 0 ? ["a.md"] : [] };

        Assert.Equal(expected, await cli.RunAsync(["collections", "verify", "books", .. repair ? (string[])["--repair"] : []]));

        Assert.Contains(repair ? "repair" : "verify", cli.Client.Calls);
        Assert.Equal(missing > 0, cli.Out.Contains("differs: a.md", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Create_WithOptions_AsksForThem()
    {
        var cli = new CliHarness();

        Assert.Equal(
            ExitCodes.Success,
            await cli.RunAsync("collections", "create", "books", "--model", "all-MiniLM-L6-v2", "--shards", "4", "--dedicated", "--retain-for", "90d", "--hnsw-payload-m", "16", "--vectors-on-disk", "true", "--quantization", "scalar"));

        Assert.Equal(
            new CollectionSettings
            {
                Model = "all-MiniLM-L6-v2",
                Dedicated = true,
                RetainFor = TimeSpan.FromDays(90),
                Storage = new() { Shards = 4, VectorsOnDisk = true, Hnsw = new() { PayloadM = 16 }, Quantization = new() { Kind = QuantizationKind.Scalar } },
            },
            cli.Client.Settings);
        Assert.Contains("(dedicated)", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithoutOptions_AsksForTheDefaults()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("collections", "create", "books"));

        Assert.Equal(new CollectionSettings(), cli.Client.Settings);
    }

    [Theory]
    [InlineData("off", 0)]
    [InlineData("30m", 30)]
    [InlineData("12h", 720)]
    public async Task Set_RetainFor_AsksForThatTime(string text, int minutes)
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("collections", "set", "books", "--retain-for", text));

        Assert.Equal(new CollectionSettings { RetainFor = TimeSpan.FromMinutes(minutes) }, cli.Client.Settings);
    }

    [Fact]
    public async Task Set_WithAFile_TakesWhatIsInIt()
    {
        using var folder = new Quiver.Tests.Support.TemporaryFolder();
        var file = folder.Write("settings.json", """{"retainFor":"P1D","storage":{"replicas":2,"optimizers":{"indexingThresholdKb":1000}}}""");
        var unknown = folder.Write("unknown.json", """{"retainForever":true}""");
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("collections", "set", "books", "--settings", file, "--replicas", "3"));
        Assert.Equal(ExitCodes.Usage, await new CliHarness().RunAsync("collections", "set", "books", "--settings", unknown));

        Assert.Equal(
            new CollectionSettings { RetainFor = TimeSpan.FromDays(1), Storage = new() { Replicas = 3, Optimizers = new() { IndexingThresholdKb = 1000 } } },
            cli.Client.Settings);
    }

    [Fact]
    public async Task Set_ThatTakesLonger_SaysWhatIsPendingAndWhy()
    {
        var cli = new CliHarness();
        cli.Client.IsChangePending = true;

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("collections", "set", "books", "--replicas", "3"));

        Assert.Contains("pending      {\"storage\":{\"replicas\":3}}: retried until applied", cli.Out, StringComparison.Ordinal);
        Assert.Contains("not yet      The server is busy.", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Table_HasTheCounts()
    {
        var cli = new CliHarness();

        await cli.RunAsync("collections", "list");

        Assert.Contains("books          3       9         384  3 d  all-MiniLM-L6-v2@1", cli.Out, StringComparison.Ordinal);
    }
}
