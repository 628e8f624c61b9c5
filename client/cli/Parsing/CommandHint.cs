using System.Text;

namespace Quiver.Cli.Parsing;

/// <summary>Writes command lines that can be pasted into a shell.</summary>
internal static class CommandHint
{
    /// <summary><c>quiver COMMAND</c> with the global options that were given.</summary>
    public static string Write(string command, string? data, string? server, string? tenant)
    {
        var line = new StringBuilder("quiver ").Append(command);
        Append(line, GlobalOptions.DataName, data);
        Append(line, GlobalOptions.ServerName, server);
        Append(line, GlobalOptions.TenantName, tenant);
        return line.ToString();
    }

    /// <summary>A word as the shell reads it back.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':' or '=' or ',' or '@' or '+')
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static void Append(StringBuilder line, string option, string? value)
    {
        if (value is not null)
        {
            line.Append(' ').Append(option).Append(' ').Append(Quote(value));
        }
    }
}
