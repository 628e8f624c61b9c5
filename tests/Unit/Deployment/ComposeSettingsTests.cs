using System.ComponentModel;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Quiver.Adapters.Artifacts;
using Quiver.Silo.Hosting;
using Quiver.Silo.Options;

namespace Quiver.Tests.Unit.Deployment;

/// <summary>The settings in the deployment files are valid.</summary>
public sealed partial class ComposeSettingsTests
{
    public static TheoryData<string[], string> Silos => new()
    {
        { [ComposeProject.Main], "silo-1" },
        { [ComposeProject.Main], "silo-2" },
        { [ComposeProject.Main], "silo-3" },
        { [ComposeProject.Main, ComposeProject.Example], "silo-1" },
    };

    [Theory]
    [MemberData(nameof(Silos))]
    public void Names_AreThoseOfSettings(string[] files, string silo) =>
        Assert.All(NamesOf(files, silo), static name => Assert.True(SettingNames.TypeOf(name) is not null, name));

    [Theory]
    [InlineData("Quiver:Cluster:ClusterIdentity")]
    [InlineData("Quiver:Nothing:Known")]
    [InlineData("Quiver:Files:AllowedRoots:first")]
    [InlineData("Quiver:Jobs")]
    public void Names_OfNoSetting_AreFoundOut(string name) => Assert.Null(SettingNames.TypeOf(name));

    [Theory]
    [MemberData(nameof(Silos))]
    public void Values_AreOfTheSettingsTypes(string[] files, string silo) =>
        Assert.All(SettingsOf(files, silo), static setting => TypeDescriptor.GetConverter(SettingNames.TypeOf(setting.Key)!).ConvertFromInvariantString(setting.Value!));

    [Theory]
    [MemberData(nameof(Silos))]
    public void Values_PassWhatASiloChecksAtItsStart(string[] files, string silo) => Validate(ConfigurationOf(files, silo));

    [Fact]
    public void Values_OutOfRange_AreFoundOut()
    {
        var settings = new ConfigurationBuilder().AddConfiguration(ConfigurationOf([ComposeProject.Main], "silo-1"))
            .AddInMemoryCollection([new("Quiver:Cluster:SiloPort", "0"), new("Quiver:Qdrant:MaxInFlight", "1000"), new("Quiver:Embedding:DefaultProvider", "unknown-provider")]).Build();

        var error = Assert.Throws<InvalidRequestException>(() => Validate(settings));

        Assert.All(["SiloPort", "MaxInFlight", "unknown-provider"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Silos))]
    public void Stores_AreThoseThatAllSilosReach(string[] files, string silo)
    {
        var settings = ConfigurationOf(files, silo);

        Assert.Equal(VectorStoreKind.Qdrant, settings.GetValue<VectorStoreKind>("Quiver:Vectors:Store"));
        Assert.Equal(ArtifactPlace.S3, settings.GetValue<ArtifactPlace>("Quiver:Artifacts:Store"));
    }

    [Theory]
    [MemberData(nameof(Silos))]
    public void Addresses_AreOfServices(string[] files, string silo)
    {
        var settings = ConfigurationOf(files, silo);
        var project = ComposeProject.Load(files);
        var database = new NpgsqlConnectionStringBuilder(settings["Quiver:Cluster:Postgres:ConnectionString"]);
        var hosts = settings.AsEnumerable().Select(static setting => setting.Value).OfType<string>().Where(static value => Web().IsMatch(value)).Select(static value => new Uri(value).Host);

        Assert.All(hosts.Append(database.Host), host => Assert.Contains(project.Services, service => service.Name == host && service.Profiles.Count == 0));
        Assert.Equal(5432, database.Port);
        Assert.Equal(project["postgres"].Environment["POSTGRES_DB"], database.Database);
        Assert.Equal(project["postgres"].Environment["POSTGRES_USER"], database.Username);
    }

    [Fact]
    public void Secrets_OfSilos_AreThoseOfTheServers()
    {
        var project = ComposeProject.Load(ComposeProject.Main);
        var silo = project["silo-1"].Environment;

        Assert.Equal(silo["QUIVER__QDRANT__APIKEY"], project["qdrant"].Environment["QDRANT__SERVICE__API_KEY"]);
        Assert.Equal(silo["QUIVER__S3__ACCESSKEY"], project["s3"].Environment["ROOT_ACCESS_KEY_ID"]);
        Assert.Equal(silo["QUIVER__S3__SECRETKEY"], project["s3"].Environment["ROOT_SECRET_ACCESS_KEY"]);
        Assert.EndsWith($"Password={project["postgres"].Environment["POSTGRES_PASSWORD"]}", silo["QUIVER__CLUSTER__POSTGRES__CONNECTIONSTRING"], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Silos))]
    public void Silos_AreGivenTheTimeThatTheyNeedToStop(string[] files, string silo) =>
        Assert.True(ComposeProject.Load(files)[silo].StopGracePeriod > new ServerOptions().DrainTimeout);

    [Fact]
    public void Silos_SeeTheSameFiles()
    {
        var project = ComposeProject.Load(ComposeProject.Main);
        var roots = project.Silos.Select(static silo => silo.Environment["QUIVER__FILES__ALLOWEDROOTS__0"]).Distinct().ToList();

        Assert.Single(roots);
        Assert.All(project.Silos, silo => Assert.Contains(silo.Volumes, volume => volume.EndsWith($":{roots[0]}:ro", StringComparison.Ordinal)));
        Assert.Single(project.Silos.Select(static silo => silo.Volumes[1]).Distinct());
        Assert.Equal(project.Silos.Count(), project.Silos.Select(static silo => silo.Volumes[0]).Distinct().Count());
    }

    [Fact]
    public void Sections_OfASiloOfACluster_HaveAValidatorEach()
    {
        var settings = new ConfigurationBuilder().AddConfiguration(ConfigurationOf([ComposeProject.Main], "silo-1")).Build();
        var services = Services(settings);

        Assert.All(
            SettingSections.OfOptions.Where(static section => section.Use is SettingUse.Silo or SettingUse.Cluster or SettingUse.Qdrant or SettingUse.Server),
            section => Assert.Contains(services, service => service.ServiceType == typeof(IValidateOptions<>).MakeGenericType(section.Bound)));
    }

    private static IServiceCollection Services(IConfiguration settings) => new ServiceCollection()
        .AddLogging()
        .AddSettings(settings, SettingUse.Server)
        .AddQuiverSilo(settings, new SiloSettings("/data", RunsJobs: true));

    private static void Validate(IConfiguration settings)
    {
        using var services = Services(settings).BuildServiceProvider();
        SettingsValidation.Validate(services);
    }

    private static IEnumerable<string> NamesOf(string[] files, string silo) => SettingsOf(files, silo).Select(static setting => setting.Key);

    private static IEnumerable<KeyValuePair<string, string?>> SettingsOf(string[] files, string silo) =>
        ComposeProject.Load(files)[silo].Environment.Select(static setting => KeyValuePair.Create(
            setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)ComposeService.Resolve(setting.Value, static name => $"{name}0".Replace("_", "", StringComparison.Ordinal))));

    private static IConfigurationRoot ConfigurationOf(string[] files, string silo) => new ConfigurationBuilder().AddInMemoryCollection(SettingsOf(files, silo)).Build();

    [GeneratedRegex("^https?://")]
    private static partial Regex Web();
}

/// <summary>Finds what a setting is, by the classes that settings are bound to.</summary>
internal static class SettingNames
{
    /// <summary>The type of a setting's value; null when there is no such setting.</summary>
    /// <param name="name">Its name, with colons.</param>
    public static Type? TypeOf(string name) =>
        SettingSections.All
            .Where(section => IsBelow(name, section.Item1))
            .Select(section => Walk(section.Item2, name[section.Item1.Length..].Split(':', StringSplitOptions.RemoveEmptyEntries)))
            .FirstOrDefault(static type => type is not null);

    private static bool IsBelow(string name, string section) =>
        name.StartsWith(section, StringComparison.OrdinalIgnoreCase) && (name.Length == section.Length || name[section.Length] == ':');

    private static Type? Walk(Type type, IEnumerable<string> path)
    {
        foreach (var step in path)
        {
            var next = IsGeneric(type, typeof(IDictionary<,>)) ? type.GenericTypeArguments[1]
                : IsGeneric(type, typeof(IList<>)) ? (int.TryParse(step, out _) ? type.GenericTypeArguments[0] : null)
                : type.GetProperties().SingleOrDefault(property => string.Equals(property.Name, step, StringComparison.OrdinalIgnoreCase))?.PropertyType;
            if (next is null)
            {
                return null;
            }

            type = Nullable.GetUnderlyingType(next) ?? next;
        }

        return TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string)) ? type : null;
    }

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;
}
