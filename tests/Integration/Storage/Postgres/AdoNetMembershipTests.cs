using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Tests.Services;
using ClusterOptions = Orleans.Configuration.ClusterOptions;

namespace Quiver.Tests.Integration.Storage.Postgres;

/// <summary>Orleans' own membership on our tables.</summary>
public sealed class AdoNetMembershipTests(PostgresServices services)
{
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silos_JoinedChangedAndForgotten_FollowTheVersion()
    {
        using var schema = await services.NewSchemaAsync();
        await using var database = await schema.OpenMigratedClusterAsync();
        var table = await TableAsync(database, "blue");
        var other = await TableAsync(database, "green");
        var (one, two) = (Silo(1), Silo(2));

        var version = (await table.ReadAllAsync(Token)).Version;
        Assert.True(await table.InsertRowAsync(one, version.Next(), Token));
        Assert.False(await table.InsertRowAsync(two, version.Next(), Token));
        version = (await table.ReadAllAsync(Token)).Version;
        Assert.True(await table.InsertRowAsync(two, version.Next(), Token));
        Assert.Empty((await other.ReadAllAsync(Token)).Members);

        var data = await table.ReadRowAsync(one.SiloAddress, Token);
        var etag = Assert.Single(data.Members).Item2;
        one.Status = SiloStatus.Dead;
        one.AddSuspector(two.SiloAddress, Noon);
        Assert.True(await table.UpdateRowAsync(one, etag, data.Version.Next(), Token));
        Assert.False(await table.UpdateRowAsync(one, etag, data.Version.Next(), Token));
        var read = (await table.ReadRowAsync(one.SiloAddress, Token)).Members.Single().Item1;
        Assert.Equal((SiloStatus.Dead, "silo1", Noon), (read.Status, read.SiloName, read.StartTime));
        Assert.Equal(two.SiloAddress, Assert.Single(read.SuspectTimes!).Item1);

        two.IAmAliveTime = Noon.AddHours(2);
        await table.UpdateIAmAliveAsync(two, Token);
        await table.CleanupDefunctSiloEntriesAsync(Noon.AddHours(1), Token);
        Assert.Equal(two.SiloAddress, Assert.Single((await table.ReadAllAsync(Token)).Members).Item1.SiloAddress);
        await table.DeleteMembershipTableEntriesAsync("blue", Token);
        Assert.Equal(["green"], await schema.ListAsync("SELECT DeploymentId FROM OrleansMembershipVersionTable WHERE DeploymentId <> ''"));
    }

    private static async Task<IMembershipTable> TableAsync(ClusterDatabase database, string cluster)
    {
        var table = new AdoNetClusteringTable(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new ClusterOptions { ClusterId = cluster, ServiceId = "quiver" }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", DataSource = database.DataSource }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTableAsync(true, Token);
        return table;
    }

    private static MembershipEntry Silo(int number) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Parse($"10.0.0.{number}"), 11111, number),
        SiloName = $"silo{number}",
        HostName = "host",
        Status = SiloStatus.Joining,
        ProxyPort = 30000,
        StartTime = Noon,
        IAmAliveTime = Noon,
    };
}
