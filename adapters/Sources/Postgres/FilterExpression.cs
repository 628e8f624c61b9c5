namespace Quiver.Adapters.Sources.Postgres;

/// <summary>
/// Keeps a caller's condition within the parentheses that it is put into. What it says is the database's business: it runs in a read-only
/// transaction of the connection's role and may look at whatever that role may. But a condition that closes the parentheses, ends the
/// statement or comments the rest of it away would undo the bounds of a page.
/// </summary>
internal static class FilterExpression
{
    /// <summary>What is wrong with a condition, as the end of a sentence; null when nothing is.</summary>
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
                    // Parameters are the page's own, and a dollar quote is a string of which only the server knows the end.
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
                    // A doubled quote counts as two names side by side, which comes to the same: nothing in a name escapes.
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
    /// The last quote of a string; -1 when there is none. A string goes on behind a doubled quote, and behind white space with a line break in it when that
    /// is followed by another quote: as the kind of string that it began as, so that an E before the first quote holds for all of it.
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

    /// <summary>The quote with which a string goes on behind one of its quotes; null when that was its last.</summary>
    private static int? NextPart(string sql, int close)
    {
        var next = close + 1;
        while (next < sql.Length && sql[next] is ' ' or '\t' or '\n' or '\r' or '\f' or '\v')
        {
            next++;
        }

        var goesOn = next < sql.Length && sql[next] == '\'' && (next == close + 1 || sql.AsSpan(close, next - close).ContainsAny('\n', '\r'));
        return goesOn ? next : null;
    }
}
