using System.Data;
using Quiver.Tests.Services;

namespace Quiver.Tests.Integration.Storage.Postgres;

/// <summary>What Orleans' AdoNet clustering expects of its tables.</summary>
public sealed class OrleansMembershipTests(PostgresServices services) : OrleansTables(services)
{
    private const int Active = 3;
    private const int Dead = 6;
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Queries_OfAllThreeProviders_AreThere() => Assert.Equal(
        [
            "CleanupDefunctSiloEntriesKey", "CleanupDefunctSiloEntryKey", "ClearStorageKey", "DeleteMembershipTableEntriesKey", "DeleteReminderRowKey", "DeleteReminderRowsKey", "DeleteStorageKey",
            "GatewaysQueryKey", "InsertMembershipKey", "InsertMembershipVersionKey", "MembershipReadAllKey", "MembershipReadRowKey", "ReadFromStorageKey",
            "ReadRangeRows1Key", "ReadRangeRows2Key", "ReadReminderRowKey", "ReadReminderRowsKey", "UpdateIAmAlivetimeKey", "UpdateMembershipKey",
            "UpsertReminderRowKey", "WriteToStorageKey",
        ],
        Queries.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Version_OfACluster_IsMadeOnceAndReadWithoutSilos()
    {
        Assert.Empty(await ReadAllAsync("blue"));

        Assert.True(await Queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue")));
        Assert.False(await Queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue")));

        var row = Assert.Single(await ReadAllAsync("blue"));
        Assert.Equal((0, null, null), ((int)row("Version")!, row("StartTime"), row("Address")));
    }

    [Fact]
    public async Task Silo_Joining_RaisesTheVersionAndIsReadBack()
    {
        await Queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        await Queries.DecideAsync("InsertMembershipVersionKey", Cluster("green"));

        Assert.True(await JoinAsync("blue", 1, version: 0));

        var row = Assert.Single(await ReadAllAsync("blue"));
        Assert.Equal(("10.0.0.1", 11111, 1, "silo1", "host", 1, 30000), (row("Address"), row("Port"), row("Generation"), row("SiloName"), row("HostName"), row("Version"), row("ProxyPort")));
        Assert.Equal((Noon, Noon, DateTimeKind.Utc), ((DateTime)row("StartTime")!, (DateTime)row("IAmAliveTime")!, ((DateTime)row("StartTime")!).Kind));
        Assert.Null(row("SuspectTimes"));
        Assert.Equal(0, Assert.Single(await ReadAllAsync("green"))("Version"));
        Assert.Equal("silo1", Assert.Single(await Queries.ReadAsync("MembershipReadRowKey", Silo("blue", 1)))("SiloName"));
        Assert.Null(Assert.Single(await Queries.ReadAsync("MembershipReadRowKey", Silo("blue", 2)))("StartTime"));
    }

    [Fact]
    public async Task Silo_JoiningOnAVersionThatHasPassed_ChangesNothing()
    {
        await Queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        Assert.True(await JoinAsync("blue", 1, version: 0));

        Assert.False(await JoinAsync("blue", 2, version: 0));
        Assert.False(await JoinAsync("blue", 1, version: 1));
        Assert.False(await JoinAsync("green", 1, version: 0));

        Assert.Equal((1, "silo1"), (Assert.Single(await ReadAllAsync("blue"))("Version"), (await ReadAllAsync("blue"))[0]("SiloName")));
    }

    [Fact]
    public async Task Silo_Changed_RaisesTheVersionAndOnAnOldOneNothing()
    {
        await Queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
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
        await Queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));

        var joined = await Task.WhenAll(Enumerable.Range(1, 12).Select(silo => JoinAsync("blue", silo, version: 0)));
        var changed = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ChangeAsync("blue", Array.IndexOf(joined, true) + 1, Active, null, version: 1)));

        Assert.Single(joined, true);
        Assert.Single(changed, true);
        Assert.Equal(2, Assert.Single(await ReadAllAsync("blue"))("Version"));
    }

    [Fact]
    public async Task IAmAlive_Updated_DoesNotRaiseTheVersion()
    {
        await Queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        await JoinAsync("blue", 1, version: 0);

        await Queries.ExecuteAsync("UpdateIAmAlivetimeKey", [.. Silo("blue", 1), ("IAmAliveTime", DbType.DateTime, Noon.AddMinutes(1))]);

        var row = Assert.Single(await ReadAllAsync("blue"));
        Assert.Equal((Noon.AddMinutes(1), 1), (row("IAmAliveTime"), row("Version")));
    }

    [Fact]
    public async Task Gateways_AreActiveSilosThatHaveOne()
    {
        await Queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        await JoinAsync("blue", 1, version: 0);
        await JoinAsync("blue", 2, version: 1, gateway: 0);
        await JoinAsync("blue", 3, version: 2);
        await ChangeAsync("blue", 1, Active, null, version: 3);
        await ChangeAsync("blue", 2, Active, null, version: 4);

        var gateway = Assert.Single(await Queries.ReadAsync("GatewaysQueryKey", Cluster("blue"), ("Status", DbType.Int32, Active)));

        Assert.Equal(("10.0.0.1", 30000, 1), (gateway("Address"), gateway("ProxyPort"), gateway("Generation")));
    }

    [Fact]
    public async Task Cleanup_OfOldEntries_TakesDeadOnesThatNobodySuspectedLately()
    {
        await Queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        for (var silo = 1; silo <= 5; silo++)
        {
            await JoinAsync("blue", silo, version: silo - 1);
        }

        await ChangeAsync("blue", 1, Active, null, version: 5);
        await ChangeAsync("blue", 2, Dead, null, version: 6);
        await ChangeAsync("blue", 3, Dead, null, version: 7, alive: Noon.AddHours(2));
        await ChangeAsync("blue", 4, Dead, "10.0.0.1:1@1,2026", version: 8);

        await Queries.ExecuteAsync("CleanupDefunctSiloEntriesKey", Cluster("blue"), ("IAmAliveTime", DbType.DateTime, Noon.AddHours(1)));

        Assert.Equal(["silo1", "silo3", "silo4", "silo5"], (await ReadAllAsync("blue")).Select(row => row("SiloName")).Order());
    }

    [Theory]
    [InlineData(Dead, "suspects", 0, true)]
    [InlineData(Active, "suspects", 0, false)]
    [InlineData(Dead, null, 0, false)]
    [InlineData(Dead, "suspects", 1, false)]
    public async Task Cleanup_OfOneEntry_TakesOnlyWhatWasSeen(int status, string? seenSuspects, int seenMinutes, bool isGone)
    {
        await Queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        await JoinAsync("blue", 1, version: 0);
        await ChangeAsync("blue", 1, status, "suspects", version: 1);

        await Queries.ExecuteAsync(
            "CleanupDefunctSiloEntryKey",
            [.. Silo("blue", 1), ("IAmAliveTime", DbType.DateTime, Noon.AddMinutes(seenMinutes)), ("StartTime", DbType.DateTime, Noon), ("SuspectTimes", DbType.String, seenSuspects)]);

        Assert.Equal(isGone, (await ReadAllAsync("blue"))[0]("SiloName") is null);
    }

    [Fact]
    public async Task IAmAlive_OfAnEarlierTime_DoesNotGoBack()
    {
        await Queries.DecideAsync("InsertMembershipVersionKey", Cluster("blue"));
        await JoinAsync("blue", 1, version: 0);
        await Queries.ExecuteAsync("UpdateIAmAlivetimeKey", [.. Silo("blue", 1), ("IAmAliveTime", DbType.DateTime, Noon.AddMinutes(5))]);

        await ChangeAsync("blue", 1, Active, null, version: 1, alive: Noon.AddMinutes(1));
        await Queries.ExecuteAsync("UpdateIAmAlivetimeKey", [.. Silo("blue", 1), ("IAmAliveTime", DbType.DateTime, Noon)]);

        Assert.Equal(Noon.AddMinutes(5), Assert.Single(await ReadAllAsync("blue"))("IAmAliveTime"));
    }

    [Fact]
    public async Task Delete_OfACluster_TakesItsSilosAndNoOthers()
    {
        foreach (var cluster in new[] { "blue", "green" })
        {
            await Queries.DecideAsync("InsertMembershipVersionKey", Cluster(cluster));
            await JoinAsync(cluster, 1, version: 0);
        }

        await Queries.ExecuteAsync("DeleteMembershipTableEntriesKey", Cluster("blue"));

        Assert.Empty(await ReadAllAsync("blue"));
        Assert.Single(await ReadAllAsync("green"));
        Assert.Equal(["1"], await Schema.ListAsync("SELECT count(*)::text FROM OrleansMembershipTable WHERE DeploymentId <> ''"));
    }

    private static (string Name, DbType Type, object? Value) Cluster(string id) => ("DeploymentId", DbType.String, id);

    private static (string Name, DbType Type, object? Value)[] Silo(string cluster, int silo) =>
        [Cluster(cluster), ("Address", DbType.AnsiString, $"10.0.0.{silo}"), ("Port", DbType.Int32, 11111), ("Generation", DbType.Int32, silo)];

    private Task<List<Func<string, object?>>> ReadAllAsync(string cluster) => Queries.ReadAsync("MembershipReadAllKey", Cluster(cluster));

    private Task<bool> JoinAsync(string cluster, int silo, int version, int gateway = 30000) => Queries.DecideAsync(
        "InsertMembershipKey",
        [
            .. Silo(cluster, silo), ("IAmAliveTime", DbType.DateTime, Noon), ("SiloName", DbType.String, $"silo{silo}"), ("HostName", DbType.String, "host"),
            ("StartTime", DbType.DateTime, Noon), ("Status", DbType.Int32, 2), ("ProxyPort", DbType.Int32, gateway), ("Version", DbType.Int32, version),
        ]);

    private Task<bool> ChangeAsync(string cluster, int silo, int status, string? suspects, int version, DateTime? alive = null) => Queries.DecideAsync(
        "UpdateMembershipKey",
        [
            .. Silo(cluster, silo), ("IAmAliveTime", DbType.DateTime, alive ?? Noon), ("Status", DbType.Int32, status), ("SuspectTimes", DbType.String, suspects),
            ("Version", DbType.Int32, version),
        ]);
}
