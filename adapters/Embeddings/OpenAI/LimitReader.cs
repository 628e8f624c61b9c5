using System.Globalization;
using System.Text.RegularExpressions;
using Quiver.Core.Embedding.Providers;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>
/// Reads the limit that a refusal states. Only a number that the sentence calls a limit counts, never the one that was sent; a sentence of
/// another form has none, and the request is halved instead.
/// </summary>
internal static partial class LimitReader
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>The limit: 300000, 300,000 or 300_000, and nothing that only begins like a number.</summary>
    private const string N = @"(?<limit>\d{1,3}([,_]\d{3})+|\d+)(?![\d,._]*\d)";

    /// <summary>Any other number.</summary>
    private const string Sent = @"\d[\d,_]*";

    private const string AtMost = @"(at most|no more than|up to|maximum of|maximum|max|limit of|limit is|limited to|cannot exceed|must not exceed|less than)\s";
    private const string Texts = "(inputs|texts|items|elements|strings|documents|sentences)";
    private const string Request = "(request|batch|call)";

    /// <summary>Finds the limits.</summary>
    /// <param name="message">The provider's sentence.</param>
    /// <param name="texts">Texts in the refused request: a limit of texts is less, and with one text any limit of tokens is that of a text.</param>
    /// <returns>Null when the sentence states none.</returns>
    public static StatedLimits? Find(string? message, int texts)
    {
        if (message is null)
        {
            return null;
        }

        var inputs = Read(InputsPattern().Match(message)) is { } most && most < texts ? most : (int?)null;
        var perRequest = Read(RequestTokensPattern().Match(message));
        var perInput = Read(InputTokensPattern().Match(message))
            ?? (texts == 1 && perRequest is null && message.Contains("token", StringComparison.OrdinalIgnoreCase) ? Read(TokensPattern().Match(message)) : null);
        return inputs is null && perRequest is null && perInput is null ? null : new StatedLimits(inputs, perRequest, perInput);
    }

    /// <summary>Finds the limit in a 429 for a request that exceeds the tokens of a minute by itself: no wait lets it through.</summary>
    /// <param name="message">The provider's sentence.</param>
    /// <param name="texts">Texts in the refused request.</param>
    public static StatedLimits? FindTooLarge(string? message, int texts) =>
        message is null || Read(TooLargePattern().Match(message)) is not { } tokens ? null
        : texts > 1 ? new StatedLimits(MaxTokensPerRequest: tokens)
        : new StatedLimits(MaxTokensPerInput: tokens);

    private static int? Read(Match match) =>
        match.Success
        && int.TryParse(match.Groups["limit"].Value.Replace(",", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        && limit > 0
            ? limit
            : null;

    // Gemini; TEI; Azure; OpenAI; Cohere; Voyage; Jina; Mistral; services built on Pydantic; the usual forms.
    [GeneratedRegex(
        @"at most " + N + @" requests can be in one batch"
        + "|maximum allowed batch size " + N
        + "|max(imum)? number of " + Texts + @" (is|allowed is)\s" + N
        + "|array with maximum length " + N
        + "|number of texts must be at most " + N
        + @"|batch size limit is\s" + N
        + @"|largest allowed size\s" + N
        + "|too many " + Texts + @"\b\D{0,40}?\bmax(imum)?( is|:)?\s" + N
        + "|(list should have|ensure this value has) at most " + N + " items"
        + "|batch size is invalid, it should not be larger than " + N
        + "|" + AtMost + N + @"\s" + Texts + @"\b"
        + "|max(imum)?( allowed)?( number of)? (" + Texts + "|batch size)( per " + Request + @")?( is|:| of| =)?\s" + N
        + "|(" + Texts + @"|batch size)\b[^.\d]{0,40}" + Sent + @"\b[^.\d]{0,40}?\b(limit|maximum|max)\b[^.\d]{0,20}" + N,
        Options)]
    private static partial Regex InputsPattern();

    // OpenAI; Voyage; Mistral.
    [GeneratedRegex(
        AtMost + N + " tokens per " + Request
        + "|max(imum)?( allowed)? tokens per (submitted )?" + Request + @"( is|:)?\s" + N
        + "|too many tokens in (the )?" + Request + @"\b\D{0,20}?\bmax(imum)? is\s" + N,
        Options)]
    private static partial Regex RequestTokensPattern();

    // OpenAI, Azure, vLLM; TEI; Jina; Voyage; llama.cpp and LM Studio; Mistral.
    [GeneratedRegex(
        @"max(imum)? (context|input|sequence|model|prompt) length (is |of |\()?" + N
        + "|`?inputs?`? must have (less than|at most) " + N + " tokens"
        + "|single text cannot exceed " + N + " tokens"
        + "|context window of " + N + " tokens"
        + @"|\(context length " + N + @"\)"
        + @"|available context size \(" + N + " tokens"
        + "|too large to process.{0,80}current batch size: " + N
        + @"|has " + Sent + @" tokens,? exceed\w* (the )?max(imum)?( of| is)? " + N
        + "|" + AtMost + N + " tokens per (text|input|document|string)",
        Options)]
    private static partial Regex InputTokensPattern();

    // For a request of one text.
    [GeneratedRegex(AtMost + N + @"\b|max(imum)? number of tokens( allowed)?( is|:)? \(?" + N + "|supports?( only)? up to " + N, Options)]
    private static partial Regex TokensPattern();

    [GeneratedRegex(@"request too large\b.{0,300}?\btokens?\b.{0,100}?\blimit:? " + N + ",? requested:? " + Sent, Options | RegexOptions.Singleline)]
    private static partial Regex TooLargePattern();
}
