using System.Text.RegularExpressions;
using Quiver.Silo.Options;
using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Unit.Deployment;

/// <summary>The Dockerfile agrees with the repository, with the settings' defaults and with Compose.</summary>
public sealed partial class DockerfileTests
{
    private static readonly DockerfileText Dockerfile = new("Dockerfile");

    [Fact]
    public void Ports_AreThoseThatSilosTakeUnlessTold()
    {
        var defaults = new ClusterOptions();

        Assert.Equal(
            [new Uri(ServerOptions.DefaultUrl).Port, defaults.SiloPort, defaults.GatewayPort],
            Dockerfile.Last("EXPOSE").Split(' ').Select(static port => int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Server_ListensWhereItsHealthIsAsked()
    {
        var port = new Uri(ServerOptions.DefaultUrl).Port;

        Assert.Contains($"http://0.0.0.0:{port}", Dockerfile.Last("CMD"), StringComparison.Ordinal);
        Assert.Contains($"/dev/tcp/127.0.0.1/{port}", Dockerfile.Last("HEALTHCHECK"), StringComparison.Ordinal);
        Assert.Contains("GET /health/ready ", Dockerfile.Last("HEALTHCHECK"), StringComparison.Ordinal);
    }

    [Fact]
    public void Proxy_KnowsAllSilosAndListensWhereComposePublishes()
    {
        var project = ComposeProject.Load(ComposeProject.Main);
        var lines = SourceTree.Lines("deploy/proxy/Caddyfile").Select(static line => line.Trim()).ToList();
        var silos = lines.Single(static line => line.StartsWith("reverse_proxy ", StringComparison.Ordinal)).Split(' ')[1..^1];

        Assert.Equal(project.Silos.Select(static silo => $"{silo.Name}:{new Uri(ServerOptions.DefaultUrl).Port}"), silos);
        Assert.Contains($":{project["proxy"].Ports[0].Split(':')[^1]} {{", lines);
        Assert.Contains("flush_interval -1", lines);
    }

    [Fact]
    public void Silo_IsNotRoot() => Assert.Equal("app", Dockerfile.Last("USER"));

    [Fact]
    public void Silo_StopsInGoodOrder()
    {
        Assert.Equal("SIGTERM", Dockerfile.Last("STOPSIGNAL"));
        Assert.StartsWith("[\"/app/quiver\"]", Dockerfile.Last("ENTRYPOINT"), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_AreOnAVolume()
    {
        var volume = Dockerfile.Last("VOLUME");

        Assert.Contains($"QUIVER__DATA__DIRECTORY={volume}", Dockerfile.Final("ENV"));
        Assert.All(ComposeProject.Load(ComposeProject.Main).Silos, silo => Assert.EndsWith($":{volume}", silo.Volumes[0], StringComparison.Ordinal));
        Assert.All(
            Dockerfile.Final("ENV").Where(static setting => setting.StartsWith("QUIVER", StringComparison.Ordinal)),
            static setting => Assert.True(SettingNames.TypeOf(setting.Split('=')[0].Replace("__", ":", StringComparison.Ordinal)) is not null, setting));
    }

    [Fact]
    public void Images_AreOfAVersion() => Assert.All(Dockerfile.All("FROM"), static from => Assert.Matches(Pinned(), from));

    [Fact]
    public void Copies_AreOfWhatIsThere() =>
        Assert.All(
            Dockerfile.All("COPY").Where(static copy => !copy.StartsWith("--from=", StringComparison.Ordinal)).SelectMany(static copy => copy.Split(' ')[..^1]),
            static path => Assert.True(Path.Exists(Path.Combine(SourceTree.Root, path)), path));

    [Fact]
    public void Context_HasTheDocumentationThatTheDemoReads()
    {
        Assert.Contains(SourceTree.Lines("silo/Quiver.Silo.csproj"), static line => line.Contains("../docs/", StringComparison.Ordinal));
        Assert.DoesNotContain("docs", SourceTree.Lines(".dockerignore"));
    }

    [Fact]
    public void Image_IsTheSameForASingleSiloAndForACluster()
    {
        Assert.Equal(["TARGETARCH=amd64"], Dockerfile.All("ARG"));
        Assert.All(ComposeProject.Load(ComposeProject.Main).Silos, static silo => Assert.Empty(silo.BuildArguments));
    }

    [GeneratedRegex(@"^[a-z0-9./-]+:\d+\.\d+(\.\d+)?(-[a-z0-9.]+)*( AS [a-z]+)?$")]
    private static partial Regex Pinned();
}

/// <summary>The instructions of a Dockerfile.</summary>
internal sealed class DockerfileText
{
    private readonly List<(string Word, string Text)> _instructions = [];

    public DockerfileText(string file)
    {
        var begun = "";
        foreach (var line in SourceTree.Lines(file).Select(static line => line.Trim()).Where(static line => line.Length > 0 && !line.StartsWith('#')))
        {
            begun += line.TrimEnd('\\');
            if (line.EndsWith('\\'))
            {
                continue;
            }

            var space = begun.IndexOf(' ', StringComparison.Ordinal);
            _instructions.Add((begun[..space], begun[(space + 1)..].Trim()));
            begun = "";
        }
    }

    /// <summary>The last stage: what is in the image.</summary>
    public IEnumerable<string> Final(string word) => _instructions.Skip(_instructions.FindLastIndex(static instruction => instruction.Word == "FROM")).Where(instruction => instruction.Word == word).Select(static instruction => instruction.Text);

    /// <summary>What follows a word, in all stages.</summary>
    public IEnumerable<string> All(string word) => _instructions.Where(instruction => instruction.Word == word).Select(static instruction => instruction.Text);

    /// <summary>What follows the last of a word in the image's stage; empty when there is none.</summary>
    public string Last(string word) => Final(word).LastOrDefault() ?? "";
}
