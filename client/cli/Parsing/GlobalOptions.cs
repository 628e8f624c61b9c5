using System.CommandLine;

namespace Quiver.Cli.Parsing;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public const string JsonName = "--json";
    public const string VerboseName = "--verbose";
    public const string DataName = "--data";
    public const string ServerName = "--server";
    public const string TenantName = "--tenant";
    public const string DefaultTenant = "default";

    public Option<string?> Data { get; } = Options.Text(
        DataName, "DIR", $"Data directory. Default: ${DataDirectory.Variable}, else $XDG_DATA_HOME/quiver, else ~/.local/share/quiver.");

    public Option<string?> Server { get; } = Options.Text(
        ServerName, "URL", "Address of the server to use. Default: the server that holds the data directory, else no server.");

    public Option<string?> Tenant { get; } = Options.Text(TenantName, "T", $"Tenant. Default: {DefaultTenant}.");

    public Option<bool> Json { get; } = Options.Flag(JsonName, "Print only JSON on standard output.");

    public Option<bool> Verbose { get; } = Options.Flag(VerboseName, "Write logs, and the causes of internal errors, to standard error.");

    public void AddTo(Command root)
    {
        foreach (var option in (ReadOnlySpan<Option>)[Data, Server, Tenant, Json, Verbose])
        {
            option.Recursive = true;
            root.Add(option);
        }
    }
}
