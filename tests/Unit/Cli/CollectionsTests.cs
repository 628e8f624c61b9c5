using Quiver.Client.Cli;

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

        Assert.Contains("Delete collection books with 3 documents and 9 points for good?", cli.Error, StringComparison.Ordinal);
        Assert.Equal(deleted, cli.Client.Calls.Contains("delete"));
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
    public async Task List_Table_HasTheCounts()
    {
        var cli = new CliHarness();

        await cli.RunAsync("collections", "list");

        Assert.Contains("books          3       9         512  3 d  use-lite@1", cli.Out, StringComparison.Ordinal);
    }
}
