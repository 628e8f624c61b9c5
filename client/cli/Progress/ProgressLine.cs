using System.Text;
using Quiver.Cli.Output;

namespace Quiver.Cli.Progress;

/// <summary>Progress on one line.</summary>
internal static class ProgressLine
{
    /// <summary>Such as <c>running: 512 of 900 documents (56 %), 1,204 chunks, 3 failed, 45.2 documents/s</c>.</summary>
    public static string Write(ProgressSnapshot progress)
    {
        var documents = progress.Counters.Documents;
        var line = new StringBuilder(progress.State.InWords()).Append(": ").Append(
            progress.Expected is { } expected ? $"{Quantities.Count(documents)} of {Quantities.Count(expected, "document")}" : Quantities.Count(documents, "document"));
        // Beside "998 of 998", anything but 100 % looks wrong, and only a job that is done has that.
        if (progress.Percent is { } percent && (percent == 100 || documents < progress.Expected))
        {
            line.Append(" (").Append(Quantities.Count(percent)).Append(" %)");
        }

        line.Append(", ").Append(Quantities.Count(progress.Counters.Chunks, "chunk"));
        Append(line, progress.Counters.Unchanged, "unchanged");
        Append(line, progress.Counters.Failed, "failed");
        if (progress.DocumentsPerSecond > 0 && progress.State == JobState.Running)
        {
            line.Append(", ").Append(Quantities.Rate(progress.DocumentsPerSecond)).Append(" documents/s");
        }

        if (progress.Stall is { } stall)
        {
            line.Append("; waiting: ").Append(stall.ReplaceLineEndings(" "));
        }

        return line.ToString();
    }

    private static void Append(StringBuilder line, long count, string word)
    {
        if (count > 0)
        {
            line.Append(", ").Append(Quantities.Count(count)).Append(' ').Append(word);
        }
    }
}
