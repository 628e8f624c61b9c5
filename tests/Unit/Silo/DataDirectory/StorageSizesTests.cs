using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Cli.Doctor;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Doctor;
using Quiver.Silo.Hosting;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Silo.DataDirectory;

/// <summary>The sizes of the stores, as doctor and the metric show them.</summary>
public sealed class StorageSizesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Doctor_NamesEachStoreWithItsSize()
    {
        var check = new StorageSizeCheck(_folder.Path, static () => new ConfigurationBuilder().Build());
        var before = await check.RunAsync(TestContext.Current.CancellationToken);
        await WriteAsync(1 << 20);

        var after = await check.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal((DoctorStatus.Ok, "nothing is stored yet."), (before.Status, before.Message));
        Assert.Equal(DoctorStatus.Ok, after.Status);
        Assert.Matches(@"^grain state 1\.\d MB\.$", after.Message);
    }

    [Fact]
    public async Task Doctor_MeasuresWhatSettingsMoveElsewhere()
    {
        await using (SqliteDatabase.Open(_folder.At("elsewhere.db"), CacheTable.Migrations))
        {
        }

        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Quiver:EmbeddingCache:Path", _folder.At("elsewhere.db"))]).Build();

        var result = await new StorageSizeCheck(_folder.At("data"), () => settings).RunAsync(TestContext.Current.CancellationToken);

        Assert.Matches(@"^embedding cache \d+ KB of at most 1,024 MB\.$", result.Message);
    }

    [Fact]
    public void Files_OfSettings_AreThoseThatTheSiloUses()
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Quiver:EmbeddingCache:Path", "/fast/cache.db"), new("Quiver:FlatIndex:Directory", "/large/index")])
            .Build();

        var moved = DataDirectoryFiles.Of("/data", settings);
        var usual = DataDirectoryFiles.Of("/data", new ConfigurationBuilder().Build());

        Assert.Equal(("/fast/cache.db", "/large/index", "/data/ledger.db"), (moved.EmbeddingCache, moved.Vectors, moved.Ledger));
        Assert.Equal(("/data/cache/embeddings.db", "/data/vectors"), (usual.EmbeddingCache, usual.Vectors));
    }

    [Fact]
    public async Task Metric_IsMeasuredWhenAsked_AndAtMostOnceAMinute()
    {
        var time = new ManualTimeProvider();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        var meter = new StorageMeter(factory, new DataDirectoryFiles(_folder.Path), time);
        await meter.StartAsync(TestContext.Current.CancellationToken);
        using var listener = new MeterListener();
        Dictionary<string, long> sizes = [];
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Name == "quiver.storage.size")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, size, tags, _) => sizes[(string)tags[0].Value!] = size);
        listener.Start();

        listener.RecordObservableInstruments();
        var empty = sizes.Count;
        await WriteAsync(1 << 20);
        listener.RecordObservableInstruments();
        var atOnce = sizes.Count;
        time.Advance(TimeSpan.FromMinutes(1));
        listener.RecordObservableInstruments();

        Assert.Equal((0, 0), (empty, atOnce));
        Assert.InRange(Assert.Contains("grain state", sizes), 1 << 20, 2 << 20);
    }

    /// <summary>A database of grain states with so many bytes.</summary>
    private async Task WriteAsync(int bytes)
    {
        await using var database = SqliteDatabase.Open(_folder.At("grains.db"), SqliteGrainSchema.Migrations);
        await database.WriteAsync(
            session => session.Execute("CREATE TABLE filler AS SELECT zeroblob($bytes) AS data", ("$bytes", (long)bytes)), TestContext.Current.CancellationToken);
    }
}
