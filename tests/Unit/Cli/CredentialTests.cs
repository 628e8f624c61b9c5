using Quiver.Cli;
using Quiver.Client.Http;

namespace Quiver.Tests.Unit.Cli;

/// <summary>Users and passwords on the command line, and in what others say, are in no output.</summary>
public sealed class CredentialTests
{
    [Theory]
    [InlineData("jobs", "list", "--server", "ftp://ada:s3cret@host")]
    [InlineData("jobs", "list", "--server", "http://ada:s3/cret@host")]
    [InlineData("jobs", "list", "--server", "ada:s3cret@host")]
    [InlineData("serve", "--urls", "ftp://ada:s3cret@host")]
    [InlineData("jobs", "list", "http://ada:s3cret@host")]
    public async Task Address_ThatIsRefused_IsPrintedWithoutThem(params string[] command)
    {
        var cli = new CliHarness();

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync(command));

        AssertNothingOf(cli, "ada", "cret");
        Assert.Contains("host", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_WithUserAndPassword_IsOpenedWithThem_AndSuggestedWithoutThem()
    {
        var cli = new CliHarness(server: true);

        Assert.Equal(
            ExitCodes.Success, await cli.RunAsync("ingest", "a", "--collection", "books", "--detach", "--server", "http://ada:s3cret@127.0.0.1:7700"));

        Assert.Equal("ada:s3cret", cli.Session.Opened!.ServerUrl!.UserInfo);
        Assert.Contains("--server http://127.0.0.1:7700/", cli.Out, StringComparison.Ordinal);
        AssertNothingOf(cli, "ada", "s3cret");
    }

    [Theory]
    [InlineData("Cannot reach https://ada:s3cret@host/v1.", "Cannot reach https://…@host/v1.")]
    [InlineData("There is no file '/here/http:/ada:s3cret@host'.", "There is no file '/here/http:/…@host'.")]
    [InlineData("Use Host=db;Password=s3cret;Username=app.", "Use Host=db;Password=…;Username=app.")]
    [InlineData("SecretKey = s3cret is wrong.", "SecretKey=… is wrong.")]
    [InlineData("Set it to Host=…;Password=….", "Set it to Host=…;Password=….")]
    [InlineData("Use http://127.0.0.1:7700, or mail ada@host.", "Use http://127.0.0.1:7700, or mail ada@host.")]
    public async Task Error_ThatQuotesThem_IsPrintedWithoutThem(string message, string printed)
    {
        foreach (var option in (string[])["--verbose", "--json"])
        {
            var cli = new CliHarness();
            cli.Client.Fault = new TransientException(ErrorCodes.ServerUnavailable, message);

            await cli.RunAsync("usage", option);

            Assert.Contains($"error: {printed} (", cli.Error, StringComparison.Ordinal);
            AssertNothingOf(cli, "s3cret");
        }
    }

    [Theory]
    [InlineData("http://host:7700/quiver", null, "http://host:7700/quiver")]
    [InlineData("http://ada:s3cret@host:7700/quiver", "ada:s3cret", "http://host:7700/quiver")]
    [InlineData("https://ada:p%40ss%3A@host", "ada:p@ss:", "https://host/")]
    [InlineData("https://ada@host", "ada:", "https://host/")]
    public void Address_IsSplitIntoBasicAuthenticationAndTheRest(string address, string? pair, string rest)
    {
        var header = ServerCredentials.Read(new(address));

        Assert.Equal(pair is null ? null : $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pair))}", header?.ToString());
        Assert.Equal(rest, ServerCredentials.Strip(new(address)).ToString());
    }

    private static void AssertNothingOf(CliHarness cli, params string[] secrets) =>
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, cli.Out + cli.Error, StringComparison.Ordinal));
}
