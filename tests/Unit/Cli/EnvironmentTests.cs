
using Quiver.Cli;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;

namespace Quiver.Tests.Unit.Cli;

public sealed class EnvironmentTests
{
    [Theory]
    [InlineData("d", "/v", "/x", "/h", "/here/d")]
    [InlineData(null, "v", "/x", "/h", "/here/v")]
    [InlineData(null, null, "/x", "/h", "/x/quiver")]
    [InlineData(null, null, "relative", "/h", "/h/.local/share/quiver")]
    [InlineData(null, "", null, "/h", "/h/.local/share/quiver")]
    public void DataDirectory_TheFirstThatIsSet_Wins(string? option, string? variable, string? xdg, string? home, string expected)
    {
        var resolved = DataDirectory.Resolve(option, "/here", name => name switch
        {
            DataDirectory.Variable => variable,
            "XDG_DATA_HOME" => xdg,
            "HOME" => home,
            _ => null,
        });

        Assert.Equal(expected, resolved);
    }

    [Fact]
    public void DataDirectory_NoneSet_SaysWhatToSet()
    {
        var error = Assert.Throws<InvalidRequestException>(() => DataDirectory.Resolve(null, "/here", _ => null));

        Assert.Contains("--data DIR", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("", "''")]
    [InlineData("/a/b.c", "/a/b.c")]
    public void Hint_AWord_IsQuotedForTheShell(string word, string expected) => Assert.Equal(expected, CommandHint.Quote(word));

    [Theory]
    [InlineData(0.25, "0.25 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(125, "2 min 5 s")]
    [InlineData(90_720, "25 h 12 min")]
    [InlineData(172_799, "47 h 59 min")]
    [InlineData(7_776_000, "90 d 0 h")]
    public void Duration_AnyLength_IsReadable(double seconds, string expected) => Assert.Equal(expected, Quantities.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public async Task Serve_Options_ReachTheHost()
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("serve", "--data", "d", "--urls", "http://*:7700;https://[::1]:0", "--verbose"));

        Assert.Equal(["http://*:7700", "https://[::1]:0"], cli.Served!.Urls);
        Assert.Equal(("/here/d", true), (cli.Served.DataDirectory, cli.Served.Verbose));
        Assert.Contains("Quiver serves http://*:7700", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_NoOptions_LeavesTheAddressToTheSettings()
    {
        var cli = new CliHarness();

        await cli.RunAsync("serve");

        Assert.Empty(cli.Served!.Urls);
    }

    [Fact]
    public async Task Server_NamedByAddress_NeedsNoDataDirectory()
    {
        var cli = new CliHarness(server: true);
        cli.Variables.Clear();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("jobs", "list", "--server", "http://10.0.0.1:7700"));

        Assert.Equal((null, "10.0.0.1"), (cli.Session.Opened!.DataDirectory, cli.Session.Opened.ServerUrl!.Host));
    }
}
