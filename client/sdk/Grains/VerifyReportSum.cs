namespace Quiver.Client.Grains;

/// <summary>Adds up what verifying found page by page.</summary>
internal static class VerifyReportSum
{
    private const int MaxDiffering = 100;

    /// <summary>The counts of both, the first differing documents, and where the later page says to go on.</summary>
    public static VerifyReport Add(VerifyReport sum, VerifyReport page) => new()
    {
        Documents = sum.Documents + page.Documents,
        ExpectedPoints = sum.ExpectedPoints + page.ExpectedPoints,
        MissingPoints = sum.MissingPoints + page.MissingPoints,
        SurplusPoints = sum.SurplusPoints + page.SurplusPoints,
        UnfinishedDocuments = sum.UnfinishedDocuments + page.UnfinishedDocuments,
        Repaired = sum.Repaired + page.Repaired,
        Differing = [.. sum.Differing.Concat(page.Differing).Take(MaxDiffering)],
        Next = page.Next,
    };
}
