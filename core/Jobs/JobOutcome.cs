using System.Globalization;
using Quiver.Core.Formats;

namespace Quiver.Core.Jobs;

/// <summary>How a job ends after its source ended and all its documents are accounted for.</summary>
/// <param name="Trigger">The trigger for <see cref="JobMachine"/>.</param>
/// <param name="Code">For a failure: a stable code.</param>
/// <param name="Message">The warnings or the error: a sentence.</param>
/// <param name="ResumesAt">For a pause: when the job continues by itself; null when a command has to resume it.</param>
public sealed record JobOutcome(JobTrigger Trigger, string? Code = null, string? Message = null, DateTimeOffset? ResumesAt = null)
{
    // With fewer documents, a bad start says too little about the rest.
    private const int MinDocuments = 1000;

    /// <summary>
    /// Returns the error that stops a job before its source ends, when too many documents have failed for it to succeed; null to continue.
    /// </summary>
    /// <param name="counters">What was done so far.</param>
    /// <param name="expected">The number of documents that the source announced; null when unknown.</param>
    /// <param name="maxFailureRatio">The maximum ratio of failed documents, 0 to 1.</param>
    public static PermanentException? FindTooManyFailures(JobCounters counters, long? expected, double maxFailureRatio)
    {
        ArgumentNullException.ThrowIfNull(counters);
        return counters.Documents < MinDocuments ? null : FindExcess(counters, Math.Max(counters.Documents, expected ?? 0), maxFailureRatio);
    }

    /// <summary>Decides how a job ends.</summary>
    /// <param name="counters">What was done.</param>
    /// <param name="expected">The number of documents that the source announced; null when unknown.</param>
    /// <param name="maxFailureRatio">The maximum ratio of failed documents, 0 to 1.</param>
    /// <param name="spec">The job's spec; null for an update.</param>
    public static JobOutcome Of(JobCounters counters, long? expected, double maxFailureRatio, JobSpec? spec = null)
    {
        ArgumentNullException.ThrowIfNull(counters);
        if (FindExcess(counters, counters.Documents, maxFailureRatio) is { } tooMany)
        {
            return new(JobTrigger.Fail, tooMany.Code, tooMany.Message);
        }

        List<string> warnings = [];
        if (counters.Failed > 0)
        {
            warnings.Add($"{DescribeFailed(counters)} failed");
        }

        if (counters.Superseded > 0)
        {
            warnings.Add($"{Documents(counters.Superseded)} {(counters.Superseded == 1 ? "was" : "were")} left to a newer job or a later record of the same id");
        }

        if (counters.Overwritten > 0)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{counters.Overwritten} {(counters.Overwritten == 1 ? "record" : "records")} replaced an earlier record of the same id: ids must be unique within a source"));
        }

        if (counters.SourceChanges > 0)
        {
            warnings.Add(counters.SourceChanges == 1
                ? "1 object was replaced or deleted while it was read, and was read again as it is now"
                : string.Create(CultureInfo.InvariantCulture, $"{counters.SourceChanges} objects were replaced or deleted while they were read, and were read again as they are now"));
        }

        if (counters.MalformedFrontMatter > 0)
        {
            warnings.Add($"the front matter of {Documents(counters.MalformedFrontMatter)} is not valid and was left out: the metadata field {RecordConstants.FrontMatterFaultField} says why");
        }

        if (counters.UnknownChunks > 0)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{counters.UnknownChunks} of {counters.Chunks} {(counters.Chunks == 1 ? "chunk" : "chunks")} are mostly in a script that the model does not know, so a search by meaning finds them by chance: choose a model for their language"));
        }

        if (expected is { } number && number != counters.Documents)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"the source was expected to have {Documents(number)} and had {counters.Documents}"));
        }

        return warnings.Count == 0
            ? new(JobTrigger.Complete)
            : new(JobTrigger.CompleteWithWarnings, Message: string.Join("; ", warnings) + "." + DescribeLeftovers(counters, spec));
    }

    /// <summary>Describes documents that the collection may hold and the source does not.</summary>
    private static string DescribeLeftovers(JobCounters counters, JobSpec? spec)
    {
        if (spec?.DryRun == true)
        {
            return "";
        }

        var mirrors = spec?.Sync == SyncMode.Mirror;
        var left = (counters.SourceChanges > 0, mirrors) switch
        {
            (false, _) => "",
            (true, true) => " Submit the job again to delete what is left of earlier versions.",
            (true, false) => " Documents that only earlier versions had are still stored; a job that mirrors the source deletes them.",
        };
        return mirrors && counters.Unidentified > 0
            ? left + " Nothing was deleted, because some failures may hide documents that the source still has: fix or exclude them."
            : left;
    }

    /// <summary>Returns the outcome with a further warning.</summary>
    /// <param name="warning">A sentence; null for none.</param>
    public JobOutcome With(string? warning) => warning is null || Trigger == JobTrigger.Fail
        ? this
        : this with { Trigger = JobTrigger.CompleteWithWarnings, Message = Message is null ? warning : $"{Message} {warning}" };

    private static string DescribeFailed(JobCounters counters) => string.Create(CultureInfo.InvariantCulture, $"{counters.Failed} of {Documents(counters.Documents)}");

    private static string Documents(long count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "document" : "documents")}");

    private static PermanentException? FindExcess(JobCounters counters, long documents, double maxFailureRatio) =>
        counters.Failed > 0 && counters.Failed > maxFailureRatio * documents
            ? new PermanentException(
                ErrorCodes.TooManyFailures,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{DescribeFailed(counters)} failed, more than the tolerated {maxFailureRatio:P1}; list them (quiver jobs failures, GET /v1/jobs/ID/failures), fix them and submit the job again."))
            : null;
}
