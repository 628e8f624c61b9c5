using System.CommandLine;

namespace Quiver.Cli.Parsing;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    /// <summary>The name of <see cref="Json"/>.</summary>
    public const string JsonName = "--json";

    /// <summary>The name of <see cref="Verbose"/>.</summary>
    public const string VerboseName = "--verbose";

    /// <summary>The name of <see cref="Data"/>.</summary>
    public const string DataName = "--data";

    /// <summary>The name of <see cref="Server"/>.</summary>
    public const string ServerName = "--server";

    /// <summary>The name of <see cref="Tenant"/>.</summary>
    public const string TenantName = "--tenant";

    public Option<string?> Data { get; } = Options.Text(
        DataName, "DIR", $"Data directory. Default: ${DataDirectory.Variable}, else $XDG_DATA_HOME/quiver, else ~/.local/share/quiver.");

    public Option<string?> Server { get; } = Options.Text(
        ServerName, "URL", "Talk to this server. Default: the server that holds the data directory, else no server.");

    public Option<string?> Tenant { get; } = Options.Text(TenantName, "T", $"Whose jobs and collections. Default: {DefaultTenant}.");

    public Option<bool> Json { get; } = Options.Flag(JsonName, "Print JSON on standard output and nothing else there.");

    public Option<bool> Verbose { get; } = Options.Flag(VerboseName, "Write logs to standard error, and the causes of faults inside Quiver.");

    /// <summary>The tenant of who names none.</summary>
    public const string DefaultTenant = "default";

    /// <summary>Adds them to the root.</summary>
    public void AddTo(Command root)
    {
        foreach (var option in (ReadOnlySpan<Option>)[Data, Server, Tenant, Json, Verbose])
        {
            option.Recursive = true;
            root.Add(option);
        }
    }
}
