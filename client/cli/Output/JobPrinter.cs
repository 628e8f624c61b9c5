namespace Quiver.Cli.Output;

/// <summary>Prints jobs as text.</summary>
internal static class JobPrinter
{
    private static readonly TimeSpan ShownWait = TimeSpan.FromMilliseconds(100);

    /// <summary>A job's state in words; a running job without an active silo is "interrupted".</summary>
    public static string StateOf(JobStatus status) => status is { State: JobState.Running, Active: false } ? "interrupted" : status.State.InWords();

    /// <summary>Prints a job's status.</summary>
    /// <param name="output">Where to print.</param>
    /// <param name="status">The job.</param>
    /// <param name="hint">Completes a suggested command with the global options.</param>
    public static void PrintStatus(CliOutput output, JobStatus status, Func<string, string> hint)
    {
        var counters = status.Counters;
        Row("job", status.Id.Value);
        Row("collection", status.Spec.Collection.Value);
        Row("state", StateOf(status));
        Row("source", SourceOf(status.Spec.Source));
        var total = status.ExpectedDocuments is { } all && all >= counters.Documents ? $" of {Quantities.Count(all)}" : "";
        Row("documents", $"{Quantities.Count(counters.Documents)}{total}");
        Row("stored", Quantities.Count(counters.Stored));
        Row("unchanged", Quantities.Count(counters.Unchanged));
        Row("failed", Quantities.Count(counters.Failed));
        Row("embedded tokens", Quantities.Count(counters.EmbeddedTokens));
        if (counters.Cost > 0)
        {
            Row(status.Spec.DryRun ? "estimated cost" : "cost", Quantities.Money(counters.Cost));
        }

        Row("committed up to", Quantities.Count(status.LastCommittedIndex + 1, "document"));
        Row("submitted", Quantities.Moment(status.CreatedAt));
        if (status.FinishedAt is { } finished)
        {
            Row("finished", Quantities.Moment(finished));
        }

        Row("elapsed", ElapsedOf(status));
        if (status.DocumentsPerSecond is { } rate)
        {
            Row("rate", $"{Quantities.Rate(rate)} documents/s{(status.TimeLeft is { } left ? $", {Quantities.TimeLeft(left)} left" : "")}");
        }

        if (status.StalledBecause is { } stall)
        {
            Row("waiting", stall);
        }

        if (status.ErrorMessage is not null)
        {
            Row("why", ErrorOf(status));
        }

        if (status.ResumesAt is { } resumesAt)
        {
            Row("continues at", Quantities.Moment(resumesAt));
        }

        if (NextCommand(status) is { } next)
        {
            Row("next", hint($"jobs {next} {status.Id}"));
        }

        void Row(string name, string value) => output.Line($"{name,-17}{value.ReplaceLineEndings(" ")}");
    }

    /// <summary>Prints a job's report, its first failures and the command that lists all of them.</summary>
    public static void PrintReport(CliOutput output, JobReport report, string failuresCommand)
    {
        var status = report.Status;
        output.Line($"Job {status.Id} in collection {status.Spec.Collection}: {StateOf(status)}{(status.Spec.DryRun ? " (dry run, nothing written)" : "")}");
        if (status.ErrorMessage is not null)
        {
            output.Line($"  {ErrorOf(status)}");
        }

        output.Line();
        foreach (var (name, value) in status.Spec.DryRun ? DryRunRows(status.Counters) : Rows(status.Counters))
        {
            Row(name, value);
        }

        Row("elapsed", ElapsedOf(status));
        Row("rate", $"{Quantities.Rate(report.DocumentsPerSecond)} documents/s, {Quantities.Rate(report.ChunksPerSecond)} chunks/s");
        if (!report.FirstFailures.IsDefaultOrEmpty)
        {
            PrintFailures(output, report.FirstFailures, failuresCommand);
        }

        void Row(string name, string value) => output.Line($"  {name,-16}{value}");
    }

    private static IEnumerable<(string Name, string Value)> DryRunRows(JobCounters counters)
    {
        yield return ("documents", Quantities.Count(counters.Documents));
        yield return ("  failed", Quantities.Count(counters.Failed));
        yield return ("chunks", Quantities.Count(counters.Chunks));
        if (counters.UnknownChunks > 0)
        {
            yield return ("  unknown text", Quantities.Count(counters.UnknownChunks));
        }

        yield return ("tokens", Quantities.Count(counters.Tokens));
        if (counters.Cost > 0)
        {
            yield return ("estimated cost", Quantities.Money(counters.Cost));
        }
    }

    private static IEnumerable<(string Name, string Value)> Rows(JobCounters counters)
    {
        yield return ("documents", Quantities.Count(counters.Documents));
        yield return ("  stored", Quantities.Count(counters.Stored));
        yield return ("  unchanged", Quantities.Count(counters.Unchanged));
        yield return ("  failed", Quantities.Count(counters.Failed));
        if (counters.Superseded > 0)
        {
            yield return ("  superseded", Quantities.Count(counters.Superseded));
        }

        yield return ("  deleted", Quantities.Count(counters.Deleted));
        yield return ("chunks", Quantities.Count(counters.Chunks));
        if (counters.UnknownChunks > 0)
        {
            yield return ("  unknown text", Quantities.Count(counters.UnknownChunks));
        }

        yield return ("tokens", Quantities.Count(counters.Tokens));
        yield return ("points written", Quantities.Count(counters.PointsWritten));
        yield return ("points deleted", Quantities.Count(counters.PointsDeleted));
        yield return ("embedded texts", Quantities.Count(counters.EmbeddedTexts));
        yield return ("cache hits", Quantities.Count(counters.CacheHits));
        yield return ("embedding calls", Quantities.Count(counters.EmbeddingCalls));
        yield return ("embedded tokens", Quantities.Count(counters.EmbeddedTokens));
        if (counters.Cost > 0)
        {
            yield return ("cost", Quantities.Money(counters.Cost));
        }
    }

    private static void PrintFailures(CliOutput output, ImmutableArray<FailedDocument> failures, string failuresCommand)
    {
        output.Line();
        output.Line("First failures:");
        var table = new TextTable("ORDINAL", "CODE", "DOCUMENT", "REASON").Right(0);
        foreach (var failure in failures)
        {
            table.Add(Quantities.Count(failure.Ordinal), failure.Code, failure.DocumentId, failure.Reason.ReplaceLineEndings(" "));
        }

        table.WriteTo(output);
        output.Line($"All of them: {failuresCommand}");
    }

    private static string? NextCommand(JobStatus status) => status.State switch
    {
        JobState.Paused => "resume",
        JobState.Failed => "retry",
        JobState.Running when !status.Active => "resume",
        JobState.Running or JobState.Queued => "watch",
        _ => null,
    };

    private static string ElapsedOf(JobStatus status)
    {
        var elapsed = Quantities.Duration(status.Elapsed);
        return status.Waiting < ShownWait
            ? elapsed
            : $"{elapsed}: {Quantities.Duration(status.Working)} working, {Quantities.Duration(status.Waiting)} waiting";
    }

    private static string ErrorOf(JobStatus status) => $"{status.ErrorMessage}{(status.ErrorCode is { } code ? $" ({code})" : "")}";

    private static string SourceOf(SourceSpec source) =>
        source.Name ?? $"{string.Join(", ", source.Paths)}{(source.Table is { } table ? $" {table.Schema}.{table.Name}" : "")}";
}
