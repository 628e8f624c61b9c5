using System.Globalization;

namespace Quiver.Core.Jobs;

/// <summary>How a job ends whose source has ended and whose documents are all accounted for.</summary>
/// <param name="Trigger">What to tell the machine.</param>
/// <param name="Code">For a failure: a stable code.</param>
/// <param name="Message">What there is to report.</param>
public sealed record JobOutcome(JobTrigger Trigger, string? Code = null, string? Message = null)
{
    // Of fewer documents a bad beginning says too little about the rest.
    private const int LeastDocuments = 1000;

    /// <summary>The end of a job in the middle of its source, when so much has failed that going on is of no use.</summary>
    /// <param name="counters">What was done so far.</param>
    /// <param name="expected">How many documents the source was said to have; null when unknown.</param>
    /// <param name="maxFailureRatio">The tolerated part of failed documents, 0 to 1.</param>
    public static PermanentException? FindTooManyFailures(JobCounters counters, long? expected, double maxFailureRatio)
    {
        ArgumentNullException.ThrowIfNull(counters);
        return counters.Documents < LeastDocuments ? null : OfFailures(counters, Math.Max(counters.Documents, expected ?? 0), maxFailureRatio);
    }

    /// <summary>Decides the end.</summary>
    /// <param name="counters">What was done.</param>
    /// <param name="expected">How many documents the source was said to have; null when unknown.</param>
    /// <param name="maxFailureRatio">The tolerated part of failed documents, 0 to 1.</param>
    /// <param name="spec">What was asked for; null for an update.</param>
    public static JobOutcome Of(JobCounters counters, long? expected, double maxFailureRatio, JobSpec? spec = null)
    {
        ArgumentNullException.ThrowIfNull(counters);
        if (OfFailures(counters, counters.Documents, maxFailureRatio) is { } tooMany)
        {
            return new(JobTrigger.Fail, tooMany.Code, tooMany.Message);
        }

        List<string> warnings = [];
        if (counters.Failed > 0)
        {
            warnings.Add($"{FailedOf(counters)} failed");
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

        if (expected is { } number && number != counters.Documents)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"the source was expected to have {Documents(number)} and had {counters.Documents}"));
        }

        return warnings.Count == 0
            ? new(JobTrigger.Complete)
            : new(JobTrigger.CompleteWithWarnings, Message: string.Join("; ", warnings) + "." + Remains(counters, spec));
    }

    /// <summary>What the collection may still hold that the source has not.</summary>
    private static string Remains(JobCounters counters, JobSpec? spec)
    {
        if (spec?.DryRun == true)
        {
            return "";
        }

        var mirrors = spec?.Sync == SyncMode.Mirror;
        var left = (counters.SourceChanges > 0, mirrors) switch
        {
            (false, _) => "",
            (true, true) => " Submit the job again to delete what is left of the versions before.",
            (true, false) => " Documents that only the versions before had are still stored; a job that mirrors the source deletes them.",
        };
        return mirrors && counters.Unidentified > 0
            ? left + " Nothing was deleted, because some of the failures may stand for documents that the source still has; mend them, or exclude them."
            : left;
    }

    /// <summary>The outcome with something more to report.</summary>
    /// <param name="warning">A sentence; null for none.</param>
    public JobOutcome With(string? warning) => warning is null || Trigger == JobTrigger.Fail
        ? this
        : this with { Trigger = JobTrigger.CompleteWithWarnings, Message = Message is null ? warning : $"{Message} {warning}" };

    private static string FailedOf(JobCounters counters) => string.Create(CultureInfo.InvariantCulture, $"{counters.Failed} of {Documents(counters.Documents)}");

    private static string Documents(long count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "document" : "documents")}");

    private static PermanentException? OfFailures(JobCounters counters, long documents, double maxFailureRatio) =>
        counters.Failed > 0 && counters.Failed > maxFailureRatio * documents
            ? new PermanentException(
                ErrorCodes.TooManyFailures,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{FailedOf(counters)} failed, more than the tolerated {maxFailureRatio:P1}; list them, mend them and submit the job again."))
            : null;
}
