namespace Quiver.Core.Jobs;

/// <summary>How a batch in flight ended.</summary>
/// <param name="Number">Its number in the tracker.</param>
/// <param name="Batch">The batch.</param>
/// <param name="Counters">What it did; null when it was given up or failed.</param>
/// <param name="Error">Why it failed.</param>
internal readonly record struct BatchCompletion(long Number, SourceBatch Batch, JobCounters? Counters, Exception? Error);
