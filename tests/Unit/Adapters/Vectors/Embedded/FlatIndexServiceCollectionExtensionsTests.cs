using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Vectors;
using Quiver.Tests.Unit.Adapters.Storage.Sqlite;

namespace Quiver.Tests.Unit.Adapters.Vectors.Embedded;

public sealed class FlatIndexServiceCollectionExtensionsTests
{
    [Fact]
    public async Task AddFlatIndex_WithOptionsOutOfRange_NamesEachSetting()
    {
        await using var provider = new ServiceCollection()
            .AddFlatIndex((options, _) => (options.SearchThreads, options.ConcurrentReads, options.SegmentBytes, options.MaxCollections) = (0, 17, 5, 0))
            .BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IVectorStore>());

        Assert.All(
            ["Directory", "SearchThreads", "ConcurrentReads", "SegmentBytes", "MaxCollections"],
            setting => Assert.Contains($"Quiver:FlatIndex:{setting}", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Store_WithMeters_RecordsEachOperationWithItsError()
    {
        using var folder = new TemporaryFolder();
        await using var provider = new ServiceCollection()
            .AddMetrics()
            .AddFlatIndex((options, _) => options.Directory = folder.Path)
            .BuildServiceProvider();
        var recorded = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Scope == provider.GetRequiredService<IMeterFactory>())
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>(
            (_, _, tags, _) => recorded.Add(string.Join(' ', tags.ToArray().Where(tag => tag.Key is "db.operation.name" or "error.type").Select(tag => tag.Value))));
        listener.Start();

        var store = provider.GetRequiredService<IVectorStore>();
        var scope = new CollectionKey(TenantId.Parse("a"), CollectionName.Parse("b"));
        await Assert.ThrowsAsync<PermanentException>(() => store.UpsertAsync(new("x", scope), [], TestContext.Current.CancellationToken));
        await store.EnsureCollectionAsync("x", 4, TestContext.Current.CancellationToken);

        Assert.Equal(["upsert unknown_collection", "ensure "], recorded);
    }
}
