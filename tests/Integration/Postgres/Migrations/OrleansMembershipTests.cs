using System.Data;
using Quiver.Adapters.Postgres.Cluster;
using Quiver.Tests.Services;

namespace Quiver.Tests.Integration.Postgres.Migrations;

/// <summary>What Orleans' AdoNet clustering expects of its tables.</summary>
public sealed class OrleansMembershipTests(PostgresServices services) : IAsyncLifetime
{
    private const int Active = 3;
    private const int Dead = 6;
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    private PostgresSchema _schema = null!;
    private ClusterDatabase _database = null!;
    private OrleansQueries _queries = null!;

    public async ValueTask InitializeAsync()
    {
        _schema = await services.NewSchemaAsync();
        _database = await _schema.OpenMigratedClusterAsync();
        _queries = await OrleansQueries.LoadAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _schema.Dispose();
    }

    [Fact]
    public void Queries_OfAllThreeProviders_AreThere() => Assert.Equal(
        [
            "CleanupDefunctSiloEntriesKey", "ClearStorageKey", "DeleteMembershipTableEntriesKey", "DeleteReminderRowKey", "DeleteReminderRowsKey", "DeleteStorageKey",
            "GatewaysQueryKey", "InsertMembershipKey", "InsertMembershipVersionKey", "MembershipReadAllKey", "MembershipReadRowKey", "ReadFromStorageKey",
            "ReadRangeRows1Key", "ReadRangeRows2Key", "ReadReminderRowKey", "ReadReminderRowsKey", "UpdateIAmAlivetimeKey", "UpdateMembershipKey",
            "UpsertReminderRowKey", "WriteToStorageKey",
        ],
        _queries.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Version_OfACluster_IsMadeOnceAndReadWithoutSilos()
    {
        Assert.Empty(await ReadAllAsync("blue"));

        Assert.True(await _queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue")));
        Assert.False(await _queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue")));

        var row = Assert.Single(await ReadAllAsync("blue"));
        Assert.Equal((0, null, null), ((int)row("Version")!, row("StartTime"), row("Address")));
    }

    [Fact]
    public async Task Silo_Joining_RaisesTheVersionAndIsReadBack()
    {
        await _queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        await _queries.DecideAsync("InsertMembershipVersionKey", Cluster("green"));

        Assert.True(await JoinAsync("blue", 1, version: 0));

        var row = Assert.Single(await ReadAllAsync("blue"));
        Assert.Equal(("10.0.0.1", 11111, 1, "silo1", "host", 1, 30000), (row("Address"), row("Port"), row("Generation"), row("SiloName"), row("HostName"), row("Version"), row("ProxyPort")));
        Assert.Equal((Noon, Noon, DateTimeKind.Utc), ((DateTime)row("StartTime")!, (DateTime)row("IAmAliveTime")!, ((DateTime)row("StartTime")!).Kind));
        Assert.Null(row("SuspectTimes"));
        Assert.Equal(0, Assert.Single(await ReadAllAsync("green"))("Version"));
        Assert.Equal("silo1", Assert.Single(await _queries.ReadAsync("MembershipReadRowKey", Silo("blue", 1)))("SiloName"));
        Assert.Null(Assert.Single(await _queries.ReadAsync("MembershipReadRowKey", Silo("blue", 2)))("StartTime"));
    }

    [Fact]
    public async Task Silo_JoiningOnAVersionThatHasPassed_ChangesNothing()
    {
        await _queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        Assert.True(await JoinAsync("blue", 1, version: 0));

        Assert.False(await JoinAsync("blue", 2, version: 0));
        Assert.False(await JoinAsync("blue", 1, version: 1));
        Assert.False(await JoinAsync("green", 1, version: 0));

        Assert.Equal((1, "silo1"), (Assert.Single(await ReadAllAsync("blue"))("Version"), (await ReadAllAsync("blue"))[0]("SiloName")));
    }

    [Fact]
    public async Task Silo_Changed_RaisesTheVersionAndOnAnOldOneNothing()
    {
        await _queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        await JoinAsync("blue", 1, version: 0);

        Assert.True(await ChangeAsync("blue", 1, Active, null, version: 1));
        Assert.False(await ChangeAsync("blue", 1, Dead, "10.0.0.2:1@1,2026", version: 1));
        Assert.False(await ChangeAsync("blue", 2, Dead, null, version: 2));
        var active = Assert.Single(await ReadAllAsync("blue"));
        Assert.Equal((Active, 2, null), (active("Status"), active("Version"), active("SuspectTimes")));

        Assert.True(await ChangeAsync("blue", 1, Dead, "10.0.0.2:1@1,2026", version: 2));
        var dead = Assert.Single(await ReadAllAsync("blue"));
        Assert.Equal((Dead, 3, "10.0.0.2:1@1,2026"), (dead("Status"), dead("Version"), dead("SuspectTimes")));
    }

    [Fact]
    public async Task Silos_JoiningOnOneVersionAtOnce_OnlyOneDoes()
    {
        await _queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));

        var joined = await Task.WhenAll(Enumerable.Range(1, 12).Select(silo => JoinAsync("blue", silo, version: 0)));
        var changed = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ChangeAsync("blue", Array.IndexOf(joined, true) + 1, Active, null, version: 1)));

        Assert.Single(joined, true);
        Assert.Single(changed, true);
        Assert.Equal(2, Assert.Single(await ReadAllAsync("blue"))("Version"));
    }

    [Fact]
    public async Task IAmAlive_Updated_DoesNotRaiseTheVersion()
    {
        await _queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        await JoinAsync("blue", 1, version: 0);

        await _queries.ExecuteAsync("UpdateIAmAlivetimeKey", [.. Silo("blue", 1), ("IAmAliveTime", DbType.DateTime, Noon.AddMinutes(1))]);

        var row = Assert.Single(await ReadAllAsync("blue"));
        Assert.Equal((Noon.AddMinutes(1), 1), (row("IAmAliveTime"), row("Version")));
    }

    [Fact]
    public async Task Gateways_AreActiveSilosThatHaveOne()
    {
        await _queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        await JoinAsync("blue", 1, version: 0);
        await JoinAsync("blue", 2, version: 1, gateway: 0);
        await JoinAsync("blue", 3, version: 2);
        await ChangeAsync("blue", 1, Active, null, version: 3);
        await ChangeAsync("blue", 2, Active, null, version: 4);

        var gateway = Assert.Single(await _queries.ReadAsync("GatewaysQueryKey", Cluster("blue"), ("Status", DbType.Int32, Active)));

        Assert.Equal(("10.0.0.1", 30000, 1), (gateway("Address"), gateway("ProxyPort"), gateway("Generation")));
    }

    [Fact]
    public async Task Cleanup_OfOldEntries_LeavesActiveAndRecentOnes()
    {
        await _queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        for (var silo = 1; silo <= 3; silo++)
            await JoinAsync("blue", silo, version: silo - 1);
        await ChangeAsync("blue", 1, Active, null, version: 3);
        await ChangeAsync("blue", 2, Dead, null, version: 4);
        await ChangeAsync("blue", 3, Dead, null, version: 5, alive: Noon.AddHours(2));

        await _queries.ExecuteAsync("CleanupDefunctSiloEntriesKey", Cluster("blue"), ("IAmAliveTime", DbType.DateTime, Noon.AddHours(1)));

        Assert.Equal(["silo1", "silo3"], (await ReadAllAsync("blue")).Select(row => row("SiloName")).Order());
    }

    [Fact]
    public async Task Delete_OfACluster_TakesItsSilosAndNoOthers()
    {
        foreach (var cluster in new[] { "blue", "green" })
        {
            await _queries.DecideAsync("InsertMembershipVersionKey", Cluster(cluster));
            await JoinAsync(cluster, 1, version: 0);
        }

        await _queries.ExecuteAsync("DeleteMembershipTableEntriesKey", Cluster("blue"));

        Assert.Empty(await ReadAllAsync("blue"));
        Assert.Single(await ReadAllAsync("green"));
        Assert.Equal(["1"], await _schema.ListAsync("SELECT count(*)::text FROM OrleansMembershipTable"));
    }

    private static (string Name, DbType Type, object? Value) Cluster(string id) => ("DeploymentId", DbType.String, id);

    private static (string Name, DbType Type, object? Value)[] Silo(string cluster, int silo) =>
        [Cluster(cluster), ("Address", DbType.AnsiString, $"10.0.0.{silo}"), ("Port", DbType.Int32, 11111), ("Generation", DbType.Int32, silo)];

    private Task<List<Func<string, object?>>> ReadAllAsync(string cluster) => _queries.ReadAsync("MembershipReadAllKey", Cluster(cluster));

    private Task<bool> JoinAsync(string cluster, int silo, int version, int gateway = 30000) => _queries.DecideAsync(
        "InsertMembershipKey",
        [
            .. Silo(cluster, silo), ("IAmAliveTime", DbType.DateTime, Noon), ("SiloName", DbType.String, $"silo{silo}"), ("HostName", DbType.String, "host"),
            ("StartTime", DbType.DateTime, Noon), ("Status", DbType.Int32, 2), ("ProxyPort", DbType.Int32, gateway), ("Version", DbType.Int32, version),
        ]);

    private Task<bool> ChangeAsync(string cluster, int silo, int status, string? suspects, int version, DateTime? alive = null) => _queries.DecideAsync(
        "UpdateMembershipKey",
        [
            .. Silo(cluster, silo), ("IAmAliveTime", DbType.DateTime, alive ?? Noon), ("Status", DbType.Int32, status), ("SuspectTimes", DbType.String, suspects),
            ("Version", DbType.Int32, version),
        ]);
}
