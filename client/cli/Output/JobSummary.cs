namespace Quiver.Cli.Output;

/// <summary>Prints a job's report for people.</summary>
internal static class JobSummary
{
    /// <summary>Prints everything the report knows, the first failures and the command that lists all.</summary>
    public static void Write(CliOutput output, JobReport report, string failuresCommand)
    {
        var status = report.Status;
        var counters = status.Counters;
        output.Line($"Job {status.Id} in collection {status.Spec.Collection}: {JobWords.Of(status)}{(status.Spec.DryRun ? " (dry run, nothing written)" : "")}");
        if (status.ErrorMessage is { } message)
        {
            output.Line($"  {message}{(status.ErrorCode is { } code ? $" ({code})" : "")}");
        }

        output.Line();
        Row(output, "documents", counters.Documents);
        if (status.Spec.DryRun)
        {
            Row(output, "  failed", counters.Failed);
            Row(output, "chunks", counters.Chunks);
            Row(output, "tokens", counters.Tokens);
            if (counters.Cost > 0)
            {
                Row(output, "estimated cost", Quantities.Money(counters.Cost));
            }
        }
        else
        {
            Stored(output, counters);
        }

        Row(output, "elapsed", Quantities.Duration(status.Elapsed));
        Row(output, "rate", $"{Quantities.Rate(report.DocumentsPerSecond)} documents/s, {Quantities.Rate(report.ChunksPerSecond)} chunks/s");
        Failures(output, report, failuresCommand);
    }

    private static void Stored(CliOutput output, JobCounters counters)
    {
        Row(output, "  stored", counters.Stored);
        Row(output, "  unchanged", counters.Unchanged);
        Row(output, "  failed", counters.Failed);
        if (counters.Superseded > 0)
        {
            Row(output, "  superseded", counters.Superseded);
        }

        Row(output, "  deleted", counters.Deleted);
        Row(output, "chunks", counters.Chunks);
        Row(output, "tokens", counters.Tokens);
        Row(output, "points written", counters.PointsWritten);
        Row(output, "points deleted", counters.PointsDeleted);
        Row(output, "embedded texts", counters.EmbeddedTexts);
        Row(output, "cache hits", counters.CacheHits);
        Row(output, "embedding calls", counters.EmbeddingCalls);
        Row(output, "embedded tokens", counters.EmbeddedTokens);
        if (counters.Cost > 0)
        {
            Row(output, "cost", Quantities.Money(counters.Cost));
        }
    }

    private static void Failures(CliOutput output, JobReport report, string failuresCommand)
    {
        if (report.FirstFailures.IsDefaultOrEmpty)
        {
            return;
        }

        output.Line();
        output.Line("First failures:");
        var table = new TextTable("ORDINAL", "CODE", "DOCUMENT", "REASON").Right(0);
        foreach (var failure in report.FirstFailures)
        {
            table.Add(Quantities.Count(failure.Ordinal), failure.Code, failure.DocumentId, failure.Reason.ReplaceLineEndings(" "));
        }

        table.WriteTo(output);
        output.Line($"All of them: {failuresCommand}");
    }

    private static void Row(CliOutput output, string name, long value) => Row(output, name, Quantities.Count(value));

    private static void Row(CliOutput output, string name, string value) => output.Line($"  {name,-16}{value}");
}
