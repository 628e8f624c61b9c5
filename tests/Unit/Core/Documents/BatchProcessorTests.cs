using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Documents;

public sealed class BatchProcessorTests
{
    private readonly BatchRig _rig = new();

    [Fact]
    public async Task Batch_NewDocuments_AreStoredWithTheirVectorsAndPayload()
    {
        var item = DocumentSamples.Item(0, "a", "one two\nthree") with { Metadata = ImmutableDictionary<string, string>.Empty.Add("path", "a.txt") };

        var counters = await _rig.ProcessAsync(item, DocumentSamples.Item(1, "b", "four"));

        Assert.Equal(["a#0=one two", "a#1=three", "b#0=four"], _rig.Points());
        Assert.Equal((2, 2, 3, 4, 3, 3), (counters.Documents, counters.Stored, counters.Chunks, counters.Tokens, counters.EmbeddedTexts, counters.PointsWritten));
        Assert.Equal(item.SourceBytes + 4, counters.Bytes);
        var point = _rig.Stored()[1];
        Assert.Equal(HashModel.Embed("three"), point.Vector.ToArray());
        var payload = point.Payload;
        Assert.Equal((_rig.Scope, 8, 13, 2, 2), (payload.Scope, payload.StartChar, payload.EndChar, payload.StartLine, payload.EndLine));
        Assert.Equal((1, 1, "a.txt", _rig.Time.GetUtcNow()), (payload.Generation, payload.Epoch, payload.Metadata["path"], payload.IndexedAt));
        var row = await _rig.RowAsync("a");
        Assert.Equal((2, 1, 1), (row!.ChunkCount, row.Generation, row.Epoch));
        Assert.Equal(32, row.ContentHash!.Length);
    }

    [Fact]
    public async Task Batch_UnchangedDocuments_CostNoCallAndNoWrite()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a"), DocumentSamples.Item(1, "b"));
        var (calls, upserts) = (_rig.Model.Calls, _rig.Store.Upserts.Count);
        _rig.Time.Advance(TimeSpan.FromHours(1));

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a"), DocumentSamples.Item(1, "b")], generation: 2));

        Assert.Equal((2, 2, 0, 0), (counters.Documents, counters.Unchanged, counters.Stored, counters.PointsWritten));
        Assert.Equal((calls, upserts), (_rig.Model.Calls, _rig.Store.Upserts.Count));
    }

    [Fact]
    public async Task Batch_ChangedDocument_StoresOnlyItsChunks()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a"), DocumentSamples.Item(1, "b", "old"));
        var texts = _rig.Model.Texts;

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a"), DocumentSamples.Item(1, "b", "new\nmore")], generation: 2));

        Assert.Equal(["a#0=text", "b#0=new", "b#1=more"], _rig.Points());
        Assert.Equal((1, 1, 2, 2), (counters.Unchanged, counters.Stored, counters.PointsWritten, _rig.Model.Texts - texts));
    }

    [Theory]
    [InlineData("model")]
    [InlineData("tokens")]
    [InlineData("fields")]
    [InlineData("format")]
    public async Task Batch_SameTextButOtherwiseDifferent_IsStoredAgain(string what)
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a"));
        var item = DocumentSamples.Item(0, "a");
        item = what switch
        {
            "fields" => item with { Metadata = item.Metadata.Add("x", "y") },
            "format" => item with { Format = DocumentFormat.Markdown },
            _ => item,
        };
        var request = _rig.Request([item], generation: 2) with { MaxTokens = what == "tokens" ? 32 : 16 };
        var model = what == "model" ? new HashModel { Info = _rig.Model.Info with { Revision = "00000002" } } : _rig.Model;

        var result = await _rig.CreateProcessor(model).ProcessAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(1, result.Counters.Stored);
    }

    [Fact]
    public async Task Batch_ShortenedDocument_LosesItsSurplusPoints()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", "1\n2\n3\n4"));

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "1\nx")], generation: 2));

        Assert.Equal(["a#0=1", "a#1=x"], _rig.Points());
        Assert.Equal((2, 2), (counters.PointsDeleted, (await _rig.RowAsync("a"))!.ChunkCount));
    }

    [Fact]
    public async Task Batch_AppendOfKnownDocument_LeavesItAlone()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", "old"));

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "new"), DocumentSamples.Item(1, "b")], SyncMode.Append, generation: 2));

        Assert.Equal(["a#0=old", "b#0=text"], _rig.Points());
        Assert.Equal((1, 1), (counters.Unchanged, counters.Stored));
    }

    [Fact]
    public async Task Batch_DerivedIdOfAnotherSource_FailsAlone()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", "mine"));

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(7, "a", "yours", "origin-b"), DocumentSamples.Item(8, "b")], generation: 2));

        Assert.Equal(["a#0=mine", "b#0=text"], _rig.Points());
        var failure = Assert.Single(await _rig.FailuresAsync());
        Assert.Equal((7, "a", ErrorCodes.DocumentIdConflict), (failure.Ordinal, failure.DocumentId, failure.Code));
        Assert.Equal((2, 1, 1), (counters.Documents, counters.Failed, counters.Stored));
    }

    [Theory]
    [InlineData("mine")]
    [InlineData("yours")]
    public async Task Batch_ExplicitIdOfAnotherSource_IsTakenOver(string text)
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", "mine"));

        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", text, "origin-b") with { HasExplicitId = true }], generation: 2));

        Assert.Equal([$"a#0={text}"], _rig.Points());
        Assert.Equal("origin-b", (await _rig.RowAsync("a"))!.Origin);
    }

    [Fact]
    public async Task Batch_DuplicateIds_KeepsTheLast()
    {
        var counters = await _rig.ProcessAsync(DocumentSamples.Item(0, "a", "first\nlong"), DocumentSamples.Item(1, "b"), DocumentSamples.Item(2, "a", "last"));

        Assert.Equal(["a#0=last", "b#0=text"], _rig.Points());
        Assert.Equal((3, 2, 1), (counters.Documents, counters.Stored, counters.Superseded));
    }

    [Fact]
    public async Task Batch_Faults_AreRecordedAndTheRestIsStored()
    {
        var counters = await _rig.ProcessAsync(
            DocumentSamples.Fault(0, "file:1", ErrorCodes.MalformedRecord),
            DocumentSamples.Item(1, "a"),
            DocumentSamples.Fault(2, "b", ErrorCodes.MissingText),
            DocumentSamples.Item(3, "blank", " \n\t"));

        Assert.Equal(["a#0=text"], _rig.Points());
        Assert.Equal(
            [
                (0, "file:1", ErrorCodes.MalformedRecord, "It is malformed_record."),
                (2, "b", ErrorCodes.MissingText, "It is missing_text."),
                (3, "blank", ErrorCodes.EmptyDocument, "The document has no text."),
            ],
            (await _rig.FailuresAsync()).Select(failure => (failure.Ordinal, failure.DocumentId, failure.Code, failure.Reason)));
        Assert.Equal((4, 3, 1, 0), (counters.Documents, counters.Failed, counters.Stored, counters.Unidentified));
    }

    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(true, true, 1)]
    [InlineData(false, false, 0)]
    public async Task Batch_FaultThatMayHideADocument_IsCountedWhateverItsOwnId(bool hidesOthers, bool isKnown, int unidentified)
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, isKnown ? "file" : "another"));

        var counters = await _rig.ProcessAsync(DocumentSamples.Fault(0, "file", ErrorCodes.MalformedRecord, hidesOthers));

        Assert.Equal(unidentified, counters.Unidentified);
    }

    [Fact]
    public async Task Batch_DryRun_CountsAndWritesNothing()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "known"));
        var (calls, steps) = (_rig.Model.Calls, _rig.Faults.Steps.Count);

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "known"), DocumentSamples.Item(1, "a", "one two\nthree")], SyncMode.Mirror, generation: 2, dryRun: true));

        Assert.Equal((2, 1, 1, 2, 3, 0), (counters.Documents, counters.Unchanged, counters.Stored, counters.Chunks, counters.Tokens, counters.PointsWritten));
        Assert.Equal((calls, steps), (_rig.Model.Calls, _rig.Faults.Steps.Count));
    }

    [Fact]
    public async Task Batch_DryRunWithoutCollection_CountsEverythingAsNew()
    {
        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", string.Join('\n', Enumerable.Range(0, 40)))], dryRun: true) with { Binding = null });

        Assert.Equal((1, 40, 40), (counters.Stored, counters.Chunks, counters.Tokens));
        Assert.Empty(_rig.Faults.Steps);
    }

    [Fact]
    public async Task Batch_Upserts_AreBoundedByPointsAndByBytes()
    {
        _rig.Options.UpsertPoints = 10;
        _rig.Options.UpsertBytes = 65_536;
        var plain = DocumentSamples.Item(0, "a", string.Join('\n', Enumerable.Range(0, 25)));
        var heavy = DocumentSamples.Item(1, "b", "1\n2\n3\n4") with { Metadata = ImmutableDictionary<string, string>.Empty.Add("note", new string('x', 20_000)) };

        await _rig.ProcessAsync(plain, heavy);

        Assert.Equal(29, _rig.Store.Upserts.Sum());
        Assert.All(_rig.Store.Upserts, points => Assert.InRange(points, 1, 10));

        // The first call takes 16 chunks; what is left of the plain document travels with the heavy one.
        Assert.Equal([10, 6, 10, 1, 1, 1], _rig.Store.Upserts);
    }

    [Fact]
    public async Task Tenants_EqualIds_NeverTouchEachOther()
    {
        var other = CollectionKey.Parse("globex/docs");
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", "acme's\nsecond"));
        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "globex's\nsecond")]) with { Binding = _rig.Binding with { Key = other } });

        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "acme's new")], generation: 2));

        Assert.Equal(["a#0=acme's new"], _rig.Points());
        Assert.Equal(["a#0=globex's", "a#1=second"], _rig.Points(other));
    }
}
