
using Quiver.Cli;

namespace Quiver.Tests.Unit.Cli;

public sealed class FacetsTests
{
    [Fact]
    public async Task Facets_Options_ReachTheRequest()
    {
        var cli = new CliHarness();

        await cli.RunAsync("collections", "facets", "books", "path", "--limit", "3", "--filter", "lang=en", "--filter", "kind=a=b");

        var request = cli.Client.Faceted!;
        Assert.Equal(("path", 4), (request.Field, request.Limit));
        Assert.Equal(["kind=a=b", "lang=en"], request.Filter.Select(pair => $"{pair.Key}={pair.Value}").Order());
        Assert.False(cli.Session.Opened!.RunsJobs);
    }

    [Fact]
    public async Task Facets_Values_AreATableWithNumbersFirst()
    {
        var cli = new CliHarness();
        cli.Client.Values = [new("docs/a.md", 1234), new("two\nlines", 7)];

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("collections", "facets", "books", "path"));

        Assert.Equal(["POINTS  VALUE", " 1,234  docs/a.md", "     7  two lines"], cli.Out.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Facets_MoreThanTheLimit_SayHowToSeeMore()
    {
        var cli = new CliHarness();
        cli.Client.Values = [new("a", 2), new("b", 1), new("c", 1)];

        await cli.RunAsync("collections", "facets", "books", "path", "--limit", "2");

        Assert.Equal(["POINTS  VALUE", "     2  a", "     1  b", "There are more values; --limit 20 shows more of them."], cli.Out.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Facets_AsManyAsTheLimit_AreAll()
    {
        var cli = new CliHarness();
        cli.Client.Values = [new("a", 2), new("b", 1)];

        await cli.RunAsync("collections", "facets", "books", "path", "--limit", "2");

        Assert.DoesNotContain("more", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facets_AsManyAsCanBeShown_SayThatThereMayBeMore()
    {
        var cli = new CliHarness();
        cli.Client.Values = [.. Enumerable.Range(0, 1000).Select(static i => new FacetValue($"v{i}", 1))];

        await cli.RunAsync("collections", "facets", "books", "path", "--limit", "1000");

        Assert.Equal(1000, cli.Client.Faceted!.Limit);
        Assert.EndsWith("There may be more values; at most 1000 can be shown.", cli.Out.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facets_WithJson_MoreThanTheLimit_AreCutToIt()
    {
        var cli = new CliHarness();
        cli.Client.Values = [new("a", 2), new("b", 1)];

        await cli.RunAsync("collections", "facets", "books", "path", "--limit", "1", "--json");

        Assert.Equal("""{"collection":"books","field":"path","values":[{"value":"a","points":2}]}""", cli.Out.TrimEnd());
    }

    [Fact]
    public async Task Facets_OfNothing_SaySo()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("collections", "facets", "books", "path"));
        Assert.Equal("No point has a field 'path'.", cli.Out.Trim());
    }

    [Fact]
    public async Task Facets_WithJson_AreOneDocument()
    {
        var cli = new CliHarness();
        cli.Client.Values = [new("é", 2)];

        await cli.RunAsync("collections", "facets", "books", "path", "--json");

        Assert.Equal("""{"collection":"books","field":"path","values":[{"value":"é","points":2}]}""", cli.Out.TrimEnd());
    }

    [Theory]
    [InlineData("path", "--limit", "0", "--limit takes a whole number from 1 to 1000, not '0'.")]
    [InlineData("path", "--limit", "1001", "--limit takes a whole number from 1 to 1000, not '1001'.")]
    [InlineData("path", "--filter", "kind", "--filter takes KEY=VALUE, not 'kind'.")]
    [InlineData("", "--limit", "5", "FIELD must not be empty.")]
    public async Task Facets_WithBadInput_AreAUsageErrorInOneSentence(string field, string option, string value, string sentence)
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("collections", "facets", "books", field, option, value));

        Assert.Contains(sentence, cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Client.Calls);
    }
}
