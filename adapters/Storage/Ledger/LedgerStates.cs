using System.Globalization;

namespace Quiver.Adapters.Storage.Ledger;

/// <summary>States of jobs as statements name them.</summary>
internal static class LedgerStates
{
    /// <summary>The numbers of the final states, for a list of SQL.</summary>
    public static string Final { get; } =
        string.Join(", ", Enum.GetValues<JobState>().Where(static state => state.IsFinal()).Select(static state => ((int)state).ToString(CultureInfo.InvariantCulture)));
}
