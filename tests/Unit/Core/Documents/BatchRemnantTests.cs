using Quiver.Core.Consistency;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Documents;

/// <summary>A document that takes several calls and is refused in a later one leaves no half of itself.</summary>
public sealed class BatchRemnantTests
{
    private const string Bad = "line 17";

    private static readonly string Long = string.Join('\n', Enumerable.Range(0, 20).Select(static line => $"line {line}"));

    private readonly BatchRig _rig = new();

    /// <summary>Each step of a removal, before and after it takes effect; and whether the model takes the text the next time.</summary>
    public static MatrixTheoryData<int, bool> BreakOffs { get; } = new([0, 1, 2, 3, 4, 5], [false, true]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("an earlier\nversion")]
    [InlineData("an\nearlier\nversion\nthat\nwas\nlonger\nthan\nwhat\na\nfirst\ncall\nstores\nof\nit\nby\nsome\nfour\nchunks\nor\nso")]
    public async Task LargeDocument_RefusedInALaterCall_LeavesNothing(string? earlier)
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "other"));
        if (earlier is not null)
        {
            await _rig.ProcessAsync(DocumentSamples.Item(0, "a", earlier));
        }

        _rig.Model.Refuses = static text => text == Bad;

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", Long)], generation: 2));

        Assert.Equal((1, 1, 0), (counters.Documents, counters.Failed, counters.Stored));
        Assert.Equal(["other#0=text"], _rig.Points());
        Assert.Null(await _rig.RowAsync("a"));
    }

    [Fact]
    public async Task LargeDocument_StoppedAndThenRefusedAtItsBegin_LeavesNothing()
    {
        await _rig.CreateProcessor().ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", Long)]), Token);
        Assert.NotEmpty(_rig.Points());
        _rig.Model.Refuses = static _ => true;

        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", Long)], epoch: 2));

        Assert.Empty(_rig.Points());
        Assert.Null(await _rig.RowAsync("a"));
    }

    [Theory]
    [MemberData(nameof(BreakOffs))]
    public async Task LargeDocument_WhoseRemovalBreaksOff_IsWholeOrGoneAfterTheNextAttempt(int step, bool repaired)
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", $"{Long}\nand\nmore\nof\nit"));
        var processor = _rig.CreateProcessor();
        var request = _rig.Request([DocumentSamples.Item(0, "a", Long)], generation: 2);
        request = request with { From = (await processor.ProcessAsync(request, Token)).NextChunk };
        _rig.Model.Refuses = static text => text == Bad;
        _rig.Faults.OnStep = name => IsRemoval(name) && step-- == 0 ? throw new TransientException("flaky", name) : Task.CompletedTask;
        await Assert.ThrowsAsync<TransientException>(() => processor.ProcessAsync(request, Token));
        _rig.Faults.OnStep = null;
        if (repaired)
        {
            _rig.Model.Refuses = static _ => false;
        }

        await _rig.ProcessAsync(request);

        Assert.Equal(repaired ? 20 : 0, _rig.Points().Count);
        Assert.Equal(repaired ? 20 : null, (await _rig.RowAsync("a"))?.ChunkCount);
    }

    /// <summary>The row goes first, so that no attempt takes the rest for a version of the document; what a process that dies then leaves is for <c>verify --repair</c>.</summary>
    [Fact]
    public async Task LargeDocument_WhoseProcessDiedBetweenItsRowAndItsPoints_IsCleanedUpByVerify()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "other"));
        var processor = _rig.CreateProcessor();
        var request = _rig.Request([DocumentSamples.Item(1, "a", Long)], generation: 2);
        request = request with { From = (await processor.ProcessAsync(request, Token)).NextChunk };
        _rig.Model.Refuses = static text => text == Bad;
        _rig.Faults.OnStep = static name => name == "after forget stale" ? throw new CrashException(name) : Task.CompletedTask;
        await Assert.ThrowsAsync<CrashException>(() => processor.ProcessAsync(request, Token));
        _rig.Faults.OnStep = null;
        Assert.Null(await _rig.RowAsync("a"));
        Assert.Equal(request.From!.Number, _rig.Points().Count(static point => point.StartsWith("a#", StringComparison.Ordinal)));

        var found = await VerifyAsync(repair: false);
        var repaired = await VerifyAsync(repair: true);
        var after = await VerifyAsync(repair: false);

        Assert.Equal((request.From.Number, 0), ((int)found.Sum(static report => report.SurplusPoints), (int)found.Sum(static report => report.MissingPoints)));
        Assert.Equal(request.From.Number, repaired.Sum(static report => report.Repaired));
        Assert.All(after, static report => Assert.True(report.IsConsistent));
        Assert.Equal(["other#0=text"], _rig.Points());
    }

    private async Task<List<VerifyReport>> VerifyAsync(bool repair)
    {
        var verifier = new CollectionVerifier(_rig.Ledger, _rig.Store);
        List<VerifyReport> reports = [];
        do
        {
            reports.Add(await verifier.VerifyAsync(_rig.Binding, reports.LastOrDefault()?.Next, repair, Token));
        }
        while (reports[^1].Next is not null);
        return reports;
    }

    private static bool IsRemoval(string step) => step.EndsWith("delete older", StringComparison.Ordinal) || step.EndsWith("forget stale", StringComparison.Ordinal);
}
