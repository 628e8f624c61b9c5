using System.Data;
using Quiver.Tests.Services;

namespace Quiver.Tests.Integration.Storage.Postgres;

/// <summary>What Orleans' AdoNet grain storage expects of its table. No row, or an unchanged version, is a conflict.</summary>
public sealed class OrleansStorageTests(PostgresServices services) : OrleansTables(services)
{
    [Fact]
    public async Task State_Written_IsReadBackWithItsVersion()
    {
        Assert.Null(await ReadAsync("acme/one"));

        Assert.Equal(1, await WriteAsync("acme/one", null, [1, 0, 255]));
        Assert.Equal(2, await WriteAsync("acme/one", 1, [2]));

        Assert.Equal((2, [2]), await ReadAsync("acme/one"));
        Assert.Equal(["1"], await Schema.ListAsync("SELECT count(*)::text FROM OrleansStorage WHERE ServiceId <> ''"));
    }

    [Fact]
    public async Task State_WrittenOnAnotherVersion_IsAConflictAndStays()
    {
        await WriteAsync("acme/one", null, [1]);
        await WriteAsync("acme/one", 1, [2]);

        Assert.Null(await WriteAsync("acme/one", null, [9]));
        Assert.Null(await WriteAsync("acme/one", 1, [9]));
        Assert.Null(await WriteAsync("acme/one", 3, [9]));
        Assert.Null(await WriteAsync("acme/none", 1, [9]));

        Assert.Equal((2, [2]), await ReadAsync("acme/one"));
        Assert.Null(await ReadAsync("acme/none"));
    }

    [Fact]
    public async Task Writers_AtOnce_OnlyOneWins()
    {
        var first = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => WriteAsync("acme/one", null, [(byte)i])));
        var second = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => WriteAsync("acme/one", 1, [(byte)i])));

        Assert.Equal(1, Assert.Single(first, version => version is not null));
        Assert.Equal(2, Assert.Single(second, version => version is not null));
    }

    [Fact]
    public async Task Key_AndEverythingAboutIt_TellsRowsApart()
    {
        await WriteAsync("acme/one", null, [1]);

        await WriteAsync("acme/two", null, [2]);
        await WriteAsync("acme/one", null, [3], type: "other");
        await WriteAsync("acme/one", null, [4], service: "other");
        await WriteAsync(null, null, [5], n1: 7);
        await WriteAsync(null, null, [6], n1: 8);

        Assert.Equal((1, [1]), await ReadAsync("acme/one"));
        Assert.Equal((1, [4]), await ReadAsync("acme/one", service: "other"));
        Assert.Equal((1, [5]), await ReadAsync(null, n1: 7));
    }

    [Fact]
    public async Task State_ClearedInPlace_KeepsItsRowWithoutPayload()
    {
        await WriteAsync("acme/one", null, [1]);

        Assert.Null(await ClearAsync("ClearStorageKey", "acme/one", 2));
        Assert.Equal(2, await ClearAsync("ClearStorageKey", "acme/one", 1));

        Assert.Equal((2, null), await ReadAsync("acme/one"));
        Assert.Equal(3, await WriteAsync("acme/one", 2, [3]));
    }

    [Fact]
    public async Task State_ClearedByDeletion_LeavesNoRowAndCanBeWrittenAnew()
    {
        await WriteAsync("acme/one", null, [1]);

        Assert.Null(await ClearAsync("DeleteStorageKey", "acme/one", 2));
        Assert.Null(await ClearAsync("DeleteStorageKey", "acme/one", null));
        Assert.Equal(2, await ClearAsync("DeleteStorageKey", "acme/one", 1));

        Assert.Null(await ReadAsync("acme/one"));
        Assert.Null(await ClearAsync("DeleteStorageKey", "acme/one", 1));
        Assert.Equal(0, await ClearAsync("DeleteStorageKey", "acme/one", null));
        Assert.Equal(1, await WriteAsync("acme/one", null, [2]));
    }

    private static (string Name, DbType Type, object? Value)[] Key(string? key, string type, string service, long n1) =>
    [
        ("GrainIdHash", DbType.Int32, key?.Length ?? 0), ("GrainIdN0", DbType.Int64, 0L), ("GrainIdN1", DbType.Int64, n1), ("GrainTypeHash", DbType.Int32, -5),
        ("GrainTypeString", DbType.String, type), ("GrainIdExtensionString", DbType.String, key), ("ServiceId", DbType.String, service),
    ];

    private async Task<(int Version, byte[]? Payload)?> ReadAsync(string? key, string type = "job", string service = "quiver", long n1 = 0) =>
        (await Queries.ReadAsync("ReadFromStorageKey", Key(key, type, service, n1))).SingleOrDefault() is { } row
            ? ((int)row("Version")!, (byte[]?)row("PayloadBinary"))
            : null;

    private async Task<int?> WriteAsync(string? key, int? version, byte[] payload, string type = "job", string service = "quiver", long n1 = 0) =>
        (int?)(await Queries.ReadAsync(
            "WriteToStorageKey",
            [.. Key(key, type, service, n1), ("GrainStateVersion", DbType.Int32, version), ("PayloadBinary", DbType.Binary, payload)])).SingleOrDefault()?.Invoke("NewGrainStateVersion");

    private async Task<int?> ClearAsync(string query, string key, int? version) =>
        (int?)(await Queries.ReadAsync(query, [.. Key(key, "job", "quiver", 0), ("GrainStateVersion", DbType.Int32, version)])).SingleOrDefault()?.Invoke("NewGrainStateVersion");
}
