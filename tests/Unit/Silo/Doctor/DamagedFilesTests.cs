using Microsoft.Extensions.Configuration;
using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Cli.Doctor;
using Quiver.Silo.Doctor;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Models;

namespace Quiver.Tests.Unit.Silo.Doctor;

/// <summary>Databases and models that a start could not use are found.</summary>
public sealed class DamagedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private IConfiguration _settings = new ConfigurationBuilder().Build();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Databases_MissingOrIntact_AreFine()
    {
        var before = await RunAsync();
        await OpenAsync("grains.db", SqliteGrainSchema.Migrations);

        var after = await RunAsync();

        Assert.Equal((DoctorStatus.Ok, DoctorStatus.Ok), (before.Status, after.Status));
        Assert.StartsWith("1 intact", after.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Databases_ThatSettingsMoveElsewhere_AreChecked()
    {
        await OpenAsync("elsewhere.db", CacheTable.Migrations);
        _settings = new ConfigurationBuilder().AddInMemoryCollection([new("Quiver:EmbeddingCache:Path", _folder.At("elsewhere.db"))]).Build();
        var before = await RunAsync();
        await File.WriteAllTextAsync(_folder.At("elsewhere.db"), "no database", Token);

        var after = await RunAsync();

        Assert.StartsWith("1 intact", before.Message, StringComparison.Ordinal);
        Assert.Equal(DoctorStatus.Fail, after.Status);
    }

    [Fact]
    public async Task Database_ThatIsHeldByAWriter_IsFine()
    {
        await using var database = SqliteDatabase.Open(_folder.At("grains.db"), SqliteGrainSchema.Migrations);

        Assert.Equal(DoctorStatus.Ok, (await RunAsync()).Status);
    }

    [Fact]
    public async Task Databases_GarbledOrDamaged_AreAllNamed()
    {
        _folder.Write("ledger.db", new string('x', 8192));
        await OpenAsync("grains.db", SqliteGrainSchema.Migrations);
        var bytes = await File.ReadAllBytesAsync(_folder.At("grains.db"), Token);
        Array.Fill(bytes, (byte)0xEE, 4096, bytes.Length - 4096);
        await File.WriteAllBytesAsync(_folder.At("grains.db"), bytes, Token);

        var result = await RunAsync();

        Assert.Equal(DoctorStatus.Fail, result.Status);
        Assert.Contains(_folder.At("ledger.db"), result.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.At("grains.db"), result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_OfANewerQuiver_Fails()
    {
        await OpenAsync("grains.db", [.. SqliteGrainSchema.Migrations, new SqliteMigration(SqliteGrainSchema.Migrations.Count + 1, "CREATE TABLE later (id INTEGER)")]);

        var result = await RunAsync();

        Assert.Equal(DoctorStatus.Fail, result.Status);
        Assert.Contains("newer version of Quiver", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_WithTruncatedWeights_Fails()
    {
        foreach (var file in Directory.EnumerateFiles(TinyBert.Path))
        {
            File.Copy(file, _folder.At(Path.GetFileName(file)));
        }

        var graph = await File.ReadAllBytesAsync(_folder.At("model.onnx"), Token);
        await File.WriteAllBytesAsync(_folder.At("model.onnx"), graph[..(graph.Length / 2)], Token);

        var result = await new ModelCheck(() => new OnnxOptions { ModelPath = _folder.Path }, "/built").RunAsync(Token);

        Assert.Equal(DoctorStatus.Fail, result.Status);
        Assert.Contains("model.onnx", result.Message, StringComparison.Ordinal);
    }

    private async Task OpenAsync(string file, IReadOnlyList<SqliteMigration> migrations)
    {
        await using var database = SqliteDatabase.Open(_folder.At(file), migrations);
    }

    private Task<DoctorResult> RunAsync() => new DatabaseFilesCheck(_folder.Path, () => _settings).RunAsync(Token);
}
