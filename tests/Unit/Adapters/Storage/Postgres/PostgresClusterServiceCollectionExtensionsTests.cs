using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Core.Ledger;

namespace Quiver.Tests.Unit.Adapters.Storage.Postgres;

public sealed class PostgresClusterServiceCollectionExtensionsTests
{
    private const string Good = "Host=here;Port=5433;Database=quiver;Username=app;Password=s3cret";

    [Fact]
    public async Task AddPostgresLedger_Twice_RegistersOnce()
    {
        var services = Services(options => options.ConnectionString = Good).AddPostgresLedger();
        await using var provider = services.BuildServiceProvider();

        Assert.Single(services, service => service.ServiceType == typeof(IHostedService));
        Assert.Same(provider.GetRequiredService<ILedger>(), provider.GetRequiredService<ILedger>());
    }

    [Fact]
    public async Task Database_OfTheOptions_HasThemAndShowsNoPassword()
    {
        await using var provider = Services(options =>
        {
            (options.ConnectionString, options.Schema, options.MaxPoolSize) = (Good, "blue", 7);
            options.CommandTimeout = TimeSpan.FromSeconds(9);
        }).BuildServiceProvider();

        var database = provider.GetRequiredService<ClusterDatabase>();

        Assert.Equal("postgres://here:5433/quiver", database.Address);
        Assert.Contains("Search Path=blue", database.ConnectionString, StringComparison.Ordinal);
        Assert.Contains("Maximum Pool Size=7", database.ConnectionString, StringComparison.Ordinal);
        Assert.Contains("Command Timeout=9", database.ConnectionString, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", database.DataSource.ConnectionString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_OutOfRange_NameEachSettingAndNoSecret()
    {
        await using var provider = Services(options =>
        {
            (options.ConnectionString, options.Schema, options.MaxPoolSize) = ("Host=here;Password=s3cret", "pg_mine", 1);
            (options.CommandTimeout, options.ConnectTimeout, options.MigrationTimeout) = (TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromDays(1));
        }).BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<PostgresClusterOptions>>().Value);

        foreach (var option in typeof(PostgresClusterOptions).GetProperties())
        {
            Assert.Contains($"Quiver:Cluster:Postgres:{option.Name}", error.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Host=here")]
    [InlineData("Nonsense=1;Host=here;Database=d")]
    [InlineData("postgres://here/d")]
    public async Task ConnectionString_ThatNamesNoDatabase_SaysHowToWriteOne(string text)
    {
        await using var provider = Services(options => options.ConnectionString = text).BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<ClusterDatabase>());

        Assert.Contains("Host=…;Port=…;Database=…", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quiver", true)]
    [InlineData("_q1", true)]
    [InlineData("Quiver", false)]
    [InlineData("1q", false)]
    [InlineData("a,b", false)]
    [InlineData("a\"b", false)]
    [InlineData("", false)]
    public void Schema_IsAPlainName(string schema, bool isValid) =>
        Assert.Equal(isValid, new PostgresClusterOptionsValidator().Validate(null, new() { ConnectionString = Good, Schema = schema }).Succeeded);

    private static IServiceCollection Services(Action<PostgresClusterOptions> configure) =>
        new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddPostgresCluster(configure).AddPostgresLedger();
}
