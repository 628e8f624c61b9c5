namespace Quiver.Adapters.Sources.Postgres;

/// <summary>
/// Checks that a caller's condition stays within its parentheses in the query. Its content is safe: it runs in a read-only
/// transaction of the connection's role and can read what that role can read. But a condition that closes the parentheses, ends the
/// statement or comments out the rest of it would remove the limits of a page.
/// </summary>
internal static class FilterExpression
{
    /// <summary>The error in a condition, as the end of a sentence; null for none.</summary>
    public static string? FindFault(string sql)
    {
        if (string.IsNullOrWhiteSpace(sql))
        {
            return "is empty";
        }

        var depth = 0;
        for (var i = 0; i < sql.Length; i++)
        {
            var c = sql[i];
            var next = i + 1 < sql.Length ? sql[i + 1] : '\0';
            switch (c)
            {
                case '\0':
                    return "holds a NUL";
                case ';':
                    return "holds a semicolon outside of quotes; one expression is allowed";
                case '-' when next == '-':
                case '/' when next == '*':
                    return "holds a comment; leave it out";
                case '$':
                    // Parameters belong to the page, and only the server knows where a dollar-quoted string ends.
                    return "holds a '$' outside of quotes; write strings in single quotes";
                case '(':
                    depth++;
                    break;
                case ')' when --depth < 0:
                    return "closes a parenthesis that it did not open";
                case '\'':
                    var mayEscape = i > 0 && sql[i - 1] is 'e' or 'E';
                    var end = EndOfString(sql, i);
                    if (end < 0)
                    {
                        return "does not close a quote";
                    }

                    // Only the server knows where a string with escapes ends.
                    if (mayEscape && sql.AsSpan(i, end - i).Contains('\\'))
                    {
                        return "holds a string with backslash escapes; double a quote to write one";
                    }

                    i = end;
                    break;
                case '"':
                    // A doubled quote counts as two adjacent names, which has the same effect: names have no escapes.
                    i = sql.IndexOf(c, i + 1);
                    if (i < 0)
                    {
                        return "does not close a quote";
                    }

                    break;
            }
        }

        return depth > 0 ? "does not close a parenthesis" : null;
    }

    /// <summary>
    /// The last quote of a string; -1 when there is none. A string continues behind a doubled quote, and behind white space with a line break and
    /// another quote. It keeps the kind with which it began: an E before the first quote applies to all of it.
    /// </summary>
    private static int EndOfString(string sql, int start)
    {
        var close = sql.IndexOf('\'', start + 1);
        while (close >= 0 && NextPart(sql, close) is { } next)
        {
            close = sql.IndexOf('\'', next + 1);
        }

        return close;
    }

    /// <summary>The quote with which a string continues behind one of its quotes; null when that was its last.</summary>
    private static int? NextPart(string sql, int close)
    {
        var next = close + 1;
        while (next < sql.Length && sql[next] is ' ' or '\t' or '\n' or '\r' or '\f' or '\v')
        {
            next++;
        }

        var continues = next < sql.Length && sql[next] == '\'' && (next == close + 1 || sql.AsSpan(close, next - close).ContainsAny('\n', '\r'));
        return continues ? next : null;
    }
}
