using Quiver.Tests.Support;

namespace Quiver.Tests.Chaos;

/// <summary>The result of an undisturbed job over a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Report">How the job ended.</param>
/// <param name="Points">What it stored.</param>
internal sealed record UndisturbedRun(string Path, JobReport Report, ExportedPoints Points)
{
    public long Documents => Report.Status.Counters.Documents;
}
