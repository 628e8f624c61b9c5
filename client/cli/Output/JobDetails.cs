using Quiver.Cli.Parsing;
using Quiver.Client.Json;

namespace Quiver.Cli.Output;

/// <summary>Prints a job as it stands.</summary>
internal static class JobDetails
{
    /// <summary>Prints one JSON document, or a line for each thing that is known.</summary>
    public static void Print(CommandContext context, JobStatus status)
    {
        var output = context.Output;
        if (output.IsJson)
        {
            output.Json(status, QuiverJsonContext.Shared.JobStatus);
            return;
        }

        var counters = status.Counters;
        Row(output, "job", status.Id.Value);
        Row(output, "collection", status.Spec.Collection.Value);
        Row(output, "state", JobWords.Of(status));
        Row(output, "source", Source(status.Spec.Source));
        Row(output, "documents", $"{Quantities.Count(counters.Documents)}{(status.ExpectedDocuments is { } all && all >= counters.Documents ? $" of {Quantities.Count(all)}" : "")}");
        Row(output, "stored", Quantities.Count(counters.Stored));
        Row(output, "unchanged", Quantities.Count(counters.Unchanged));
        Row(output, "failed", Quantities.Count(counters.Failed));
        Row(output, "embedded tokens", Quantities.Count(counters.EmbeddedTokens));
        if (counters.Cost > 0)
        {
            Row(output, status.Spec.DryRun ? "estimated cost" : "cost", Quantities.Money(counters.Cost));
        }

        Row(output, "committed up to", Quantities.Count(status.LastCommittedIndex + 1, "document"));
        Row(output, "submitted", Quantities.Moment(status.CreatedAt));
        if (status.FinishedAt is { } finished)
        {
            Row(output, "finished", Quantities.Moment(finished));
        }

        Row(output, "elapsed", Quantities.Duration(status.Elapsed));
        if (status.StalledBecause is { } stall)
        {
            Row(output, "waiting", stall);
        }

        if (status.ErrorMessage is { } message)
        {
            Row(output, "why", $"{message}{(status.ErrorCode is { } code ? $" ({code})" : "")}");
        }

        if (Next(status) is { } next)
        {
            Row(output, "next", context.Hint($"jobs {next} {status.Id}"));
        }
    }

    private static string? Next(JobStatus status) => status.State switch
    {
        JobState.Paused => "resume",
        JobState.Failed => "retry",
        JobState.Running when !status.Active => "resume",
        JobState.Running or JobState.Queued => "watch",
        _ => null,
    };

    private static string Source(SourceSpec source) =>
        source.Name ?? $"{string.Join(", ", source.Paths)}{(source.Table is { } table ? $" {table.Schema}.{table.Name}" : "")}";

    private static void Row(CliOutput output, string name, string value) => output.Line($"{name,-17}{value.ReplaceLineEndings(" ")}");
}
