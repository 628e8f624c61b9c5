using System.Text.RegularExpressions;
using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Unit.Deployment;

/// <summary>docker-compose.yml and the example of a second file over it hold together.</summary>
public sealed partial class ComposeTests
{
    public static TheoryData<string[]> Projects => new(new string[] { ComposeProject.Main }, new string[] { ComposeProject.Main, ComposeProject.Example });

    [Fact]
    public void Cluster_HasThreeSilosAndWhatTheyNeed()
    {
        var project = ComposeProject.Load(ComposeProject.Main);

        Assert.Equal(["silo-1", "silo-2", "silo-3"], project.Silos.Select(static silo => silo.Name));
        Assert.Equal(["postgres", "proxy", "qdrant", "s3"], project.Services.Except(project.Silos).Select(static service => service.Name).Order(StringComparer.Ordinal));
        Assert.All(project.Silos, static silo => Assert.Equal(["postgres", "qdrant", "s3"], silo.Dependencies.Keys.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void LocalProfile_StartsOneSilo()
    {
        var project = ComposeProject.Load(ComposeProject.Main, ComposeProject.Example);

        Assert.Equal(["silo-1"], project.Silos.Where(static silo => silo.Profiles.Count == 0).Select(static silo => silo.Name));
        Assert.All(project.Services.Where(static service => service.Profiles.Count == 0), service =>
            Assert.All(service.Dependencies.Keys, name => Assert.Empty(project[name].Profiles)));
    }

    [Fact]
    public void LocalProfile_FakeProviderListensWhereTheSiloCallsIt()
    {
        var project = ComposeProject.Load(ComposeProject.Main, ComposeProject.Example);
        var address = new Uri(project["silo-1"].Environment["QUIVER__PROVIDERS__FAKE__BASEADDRESS"]);
        var fake = project[address.Host];

        Assert.Equal($"0.0.0.0:{address.Port}", $"{fake.Environment["ADDRESS"]}:{fake.Environment["PORT"]}");
        Assert.Contains($"/dev/tcp/127.0.0.1/{address.Port}", fake.HealthTest[^1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Dependencies_AreServicesThatSayWhetherTheyAreWell(string[] files)
    {
        var project = ComposeProject.Load(files);
        var health = new DockerfileText("Dockerfile").Last("HEALTHCHECK");

        Assert.All(project.Services.SelectMany(static service => service.Dependencies), dependency =>
        {
            Assert.Equal("service_healthy", dependency.Value);
            Assert.True(project[dependency.Key].HealthTest.Count > 0 || (project[dependency.Key].BuildContext is not null && health.Length > 0), dependency.Key);
        });
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Services_AreStartedAgain(string[] files) =>
        Assert.All(ComposeProject.Load(files).Services, static service => Assert.Equal("unless-stopped", service.Restart));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Images_AreOfAVersion(string[] files) =>
        Assert.All(ComposeProject.Load(files).Services, static service => Assert.Matches(PinnedImage(), service.Image));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Secrets_HaveNoDefaultAndSayWhatToSet(string[] files)
    {
        var secrets = ComposeProject.Load(files).Services.SelectMany(static service => service.Interpolations)
            .Where(static reference => SecretName().IsMatch(reference.Split(':')[0])).ToList();

        Assert.NotEmpty(secrets);
        Assert.All(secrets, static reference => Assert.NotEmpty(ComposeService.Reference().Match(reference).Groups["error"].Value));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Secrets_AreVariables(string[] files) =>
        Assert.All(
            ComposeProject.Load(files).Services.SelectMany(static service => service.Environment).Where(static setting => SecretName().IsMatch(setting.Key)),
            static setting => Assert.StartsWith("${", setting.Value, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Paths_AreInTheRepository(string[] files)
    {
        var project = ComposeProject.Load(files);
        var mounted = project.Services.SelectMany(static service => service.Volumes).Select(static volume => ComposeService.Resolve(volume, static name => name).Split(':')[0]).ToList();

        Assert.Equal(project.Volumes.Order(StringComparer.Ordinal), mounted.Where(static source => !IsPath(source)).Distinct().Order(StringComparer.Ordinal));
        Assert.All(
            mounted.Where(IsPath).Concat(project.Services.Select(static service => service.BuildContext).OfType<string>()),
            static path => Assert.True(Path.Exists(Path.Combine(SourceTree.Root, path)), path));
    }

    [Fact]
    public void PublicEndpoint_IsOneAndOnLoopbackUnlessSaidOtherwise()
    {
        var published = Assert.Single(ComposeProject.Load(ComposeProject.Main).Services, static service => service.Ports.Count > 0);

        Assert.Equal("proxy", published.Name);
        Assert.StartsWith("127.0.0.1:", ComposeService.Resolve(Assert.Single(published.Ports), static name => name), StringComparison.Ordinal);
    }

    [Fact]
    public void Silos_MayTakeAPartOfTheMachine() => Assert.All(ComposeProject.Load(ComposeProject.Main).Silos, static silo => Assert.True(silo.HasLimits, silo.Name));

    private static bool IsPath(string source) => source.StartsWith('.') || source.StartsWith('/');

    [GeneratedRegex(@"^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)*$")]
    private static partial Regex PinnedImage();

    [GeneratedRegex("PASSWORD|SECRET|_?API_?KEY|ACCESS_?KEY")]
    private static partial Regex SecretName();
}
