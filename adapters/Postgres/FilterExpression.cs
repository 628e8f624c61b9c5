namespace Quiver.Adapters.Postgres;

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
            return "is empty";
        var depth = 0;

        // A doubled quote counts as two strings side by side, which comes to the same.
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
                case '\'' or '"':
                    var close = sql.IndexOf(c, i + 1);
                    if (close < 0)
                        return "does not close a quote";

                    // Only the server knows where a string with escapes ends.
                    if (i > 0 && sql[i - 1] is 'e' or 'E' && sql.AsSpan(i, close - i).Contains('\\'))
                        return "holds a string with backslash escapes; double a quote to write one";
                    i = close;
                    break;
            }
        }

        return depth > 0 ? "does not close a parenthesis" : null;
    }
}
