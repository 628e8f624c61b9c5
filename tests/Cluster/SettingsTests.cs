using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Quiver.Cli.Doctor;
using Quiver.Silo.Doctor;
using Quiver.Silo.Hosting;
using Quiver.Silo.Options;
using Quiver.Tests.Support;

namespace Quiver.Tests.Cluster;

/// <summary>Settings with which a silo of a cluster does not start, and the placement of its grains.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Quiver:Vectors:Store", "Embedded", "Quiver:Vectors:Store to Qdrant")]
    [InlineData("Quiver:Artifacts:Store", "Directory", "Quiver:Artifacts:Store to S3")]
    [InlineData("Quiver:Artifacts:Store", "Bucket", "Quiver:Artifacts:Store is 'Bucket': set it to Directory or S3.")]
    public void Silo_WithAPlaceThatOthersDoNotSee_IsRefused(string setting, string value, string advice)
    {
        var settings = Settings(setting, value);

        var error = Assert.Throws<InvalidRequestException>(() => Add(settings));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Quiver:Cluster:Postgres:ConnectionString", "nothing", "ConnectionString")]
    [InlineData("Quiver:Cluster:ClusterId", "a b", "ClusterId")]
    [InlineData("Quiver:Cluster:SiloPort", "0", "SiloPort")]
    [InlineData("Quiver:Cluster:SiloPort", "30000", "Quiver:Cluster:SiloPort and GatewayPort are both 30000")]
    [InlineData("Quiver:Cluster:Address", "not an address", "Quiver:Cluster:Address is 'not an address'")]
    [InlineData("Quiver:Cluster:Address", "example.com", "Quiver:Cluster:Address is 'example.com'")]
    [InlineData("Quiver:Cluster:ProbeTimeout", "00:00:00.001", "ProbeTimeout")]
    [InlineData("Quiver:Cluster:MissedProbes", "0", "MissedProbes")]
    [InlineData("Quiver:Cluster:DeathVotes", "11", "DeathVotes")]
    [InlineData("Quiver:OrleansDashboard:Path", "/v1", "Path")]
    [InlineData("Quiver:OrleansDashboard:Password", "short", "Quiver:OrleansDashboard:Password")]
    public void Silo_WithInvalidSettings_SaysWhich(string setting, string value, string named)
    {
        using var services = Add(Settings(setting, value, ("Quiver:Artifacts:Directory", _folder.Path)));

        var error = Assert.Throws<InvalidRequestException>(() => SettingsValidation.Validate(services));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Silo_WithNothingButADatabase_SaysAllThatIsMissing()
    {
        var error = Assert.Throws<InvalidRequestException>(() => Add(new() { ["Quiver:Cluster:Postgres:ConnectionString"] = "Host=localhost;Database=quiver" }));

        Assert.All(["Quiver:Vectors:Store", "Quiver:Artifacts:Store"], named => Assert.Contains(named, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Quiver:Cluster:SiloPort", "11112")]
    [InlineData("Quiver:Cluster:Postgres:Schema", "blue")]
    public void Silo_WithSettingsOfAClusterButNoDatabase_IsRefused(string setting, string value)
    {
        var error = Assert.Throws<InvalidRequestException>(() => Add(new() { [setting] = value }));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains($"{setting} is set", error.Message, StringComparison.Ordinal);
        Assert.Contains("Quiver:Cluster:Postgres:ConnectionString is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Silo_WithAnEmptyConnectionString_IsRefused()
    {
        var error = Assert.Throws<InvalidRequestException>(() => Add(new() { ["Quiver:Cluster:Postgres:ConnectionString"] = "" }));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains("Quiver:Cluster:Postgres:ConnectionString is empty", error.Message, StringComparison.Ordinal);
        Assert.Contains("to run a single silo", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Silo_WithManyInvalidSettings_NamesAllOfThem()
    {
        using var services = Add(Settings("Quiver:Cluster:SiloPort", "0", ("Quiver:Artifacts:Directory", _folder.Path), ("Quiver:Jobs:MaxInFlight", "many"), ("Quiver:Onnx:Threads", "0")));

        var error = Assert.Throws<InvalidRequestException>(() => SettingsValidation.Validate(services));

        Assert.All(["Quiver:Cluster:SiloPort", "Quiver:Jobs:MaxInFlight", "Quiver:Onnx:Threads"], named => Assert.Contains(named, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://0.0.0.0:7700", "", false)]
    [InlineData("http://0.0.0.0:7700", "pass:word", true)]
    [InlineData("http://127.0.0.1:7700", "", true)]
    public void Dashboard_WithoutAPassword_IsForThisMachineOnly(string url, string password, bool valid)
    {
        var result = new OrleansDashboardPasswordValidator(Options.Create(new ServerOptions { Urls = [url], AllowRemote = true }))
            .Validate(null, new OrleansDashboardOptions { Enabled = true, Password = password });

        Assert.Equal(valid, result.Succeeded);
        Assert.True(valid || result.FailureMessage!.Contains("Quiver:OrleansDashboard:Password is missing", StringComparison.Ordinal), result.FailureMessage);
    }

    [Fact]
    public async Task Doctor_SaysWhatAServerWouldRefuse()
    {
        _folder.Write("quiver.json", """{ "Quiver": { "Cluster": { "Postgres": { "ConnectionString": "Host=localhost;Database=quiver" } } } }""");

        var result = await new SettingsCheck(_folder.Path, static (_, _) => Task.FromResult<Uri?>(null)).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(DoctorStatus.Fail, result.Status);
        Assert.Contains("Quiver:Artifacts:Store", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Silo_LooksAtItsPortsBeforeAnythingElseStarts() =>
        Assert.Equal(typeof(SiloPortCheck), Services(Settings("Quiver:Artifacts:Directory", _folder.Path)).First(static service => service.ServiceType == typeof(IHostedService)).ImplementationType);

    [Theory]
    [InlineData("Quiver:Cluster:SiloPort")]
    [InlineData("Quiver:Cluster:GatewayPort")]
    public void Silo_WithAPortThatIsTaken_IsRefused(string setting)
    {
        // Like Orleans, which shares its ports.
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var (silo, gateway) = FreePorts.Take();
        var options = new ClusterOptions { Address = "127.0.0.1", SiloPort = silo, GatewayPort = gateway };
        SiloEndpoint.RequireFree(options);
        var taken = ((IPEndPoint)other.LocalEndPoint!).Port;
        if (setting.EndsWith("SiloPort", StringComparison.Ordinal))
        {
            options.SiloPort = taken;
        }
        else
        {
            options.GatewayPort = taken;
        }

        var error = Assert.Throws<InvalidRequestException>(() => SiloEndpoint.RequireFree(options));

        Assert.Contains($"port {taken}", error.Message, StringComparison.Ordinal);
        Assert.Contains(setting, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Slots_OfAJob_AreSpreadEvenly(int silos)
    {
        foreach (var job in Enumerable.Range(0, 50))
        {
            var counts = Enumerable.Range(0, 2 * silos)
                .Select(slot => SlotPlacementDirector.IndexOf(GrainId.Create("worker", $"tenant/job{job}/{slot}"), silos))
                .CountBy(static index => index)
                .ToList();

            Assert.Equal(silos, counts.Count);
            Assert.All(counts, static count => Assert.Equal(2, count.Value));
        }
    }

    [Fact]
    public void Jobs_AreSpreadOverAllSilos()
    {
        var counts = Enumerable.Range(0, 600).CountBy(static job => SlotPlacementDirector.IndexOf(GrainId.Create("job", $"tenant/01m81z1{job:x4}"), 3)).ToDictionary();

        Assert.Equal(3, counts.Count);
        Assert.All(counts.Values, static count => Assert.InRange(count, 120, 280));
    }

    private Dictionary<string, string?> Settings(string setting, string value, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Quiver:Vectors:Store"] = "Qdrant",
            ["Quiver:Cluster:Address"] = "127.0.0.1",
            ["Quiver:Cluster:Postgres:ConnectionString"] = "Host=localhost;Database=quiver;Username=app;Password=secret",
        };
        foreach (var (name, given) in more)
        {
            settings[name] = given;
        }

        settings[setting] = value;
        return settings;
    }

    private ServiceProvider Add(Dictionary<string, string?> settings) => Services(settings).BuildServiceProvider();

    private IServiceCollection Services(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection().AddLogging().AddQuiverSilo(configuration, new SiloSettings(_folder.Path, RunsJobs: true));
    }
}
