using FsCheck;
using FsCheck.Fluent;
using Quiver.Core.Jobs;
using Quiver.Core.Sources;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

public sealed class BatcherTests
{
    private const int MaxDocuments = 4;
    private const int MaxCharacters = 100;

    [Fact]
    public void Batcher_AnyRecords_LosesNothingAndKeepsOrderAndBounds()
    {
        var sizes = Gen.Choose(0, 150).ArrayOf().ToArbitrary();

        Prop.ForAll(sizes, lengths =>
        {
            var records = lengths.Select((length, i) => DocumentSamples.Record(i, text: new string('x', length))).ToList();
            var batches = Batch(records);

            Assert.Equal(records.Select(record => record.Item), batches.SelectMany(batch => batch.Documents));
            Assert.All(batches, batch =>
            {
                Assert.InRange(batch.Documents.Length, 1, MaxDocuments);
                Assert.True(batch.Documents.Length == 1 || batch.Documents.Sum(item => item.Text.Length) <= MaxCharacters);
                Assert.Equal(records[(int)batch.Documents[^1].Ordinal].Next, batch.Next);
            });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Batcher_LargeDocument_TravelsAloneAndTheOthersBesideIt()
    {
        var batches = Batch([DocumentSamples.Record(0), DocumentSamples.Record(1, text: new string('x', 500)), DocumentSamples.Record(2)]);

        Assert.Equal([[0], [1], [2]], batches.Select(batch => batch.Documents.Select(item => item.Ordinal)));
    }

    [Fact]
    public void Batcher_Fields_CountAsCharacters()
    {
        var large = DocumentSamples.Record(1);
        large = large with { Item = large.Item with { Metadata = ImmutableDictionary<string, string>.Empty.Add("note", new string('x', 500)) } };

        var batches = Batch([DocumentSamples.Record(0), large, DocumentSamples.Record(2)]);

        Assert.Equal([[0], [1], [2]], batches.Select(batch => batch.Documents.Select(item => item.Ordinal)));
    }

    [Fact]
    public void Flush_Nothing_IsNull() => Assert.Null(new Batcher(MaxDocuments, MaxCharacters).Flush());

    private static List<Batch> Batch(IEnumerable<SourceRecord> records)
    {
        var batcher = new Batcher(MaxDocuments, MaxCharacters);
        var batches = records.SelectMany(batcher.Add).ToList();
        return batcher.Flush() is { } last ? [.. batches, last] : batches;
    }
}
