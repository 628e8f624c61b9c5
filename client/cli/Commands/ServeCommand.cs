using System.CommandLine;
using Quiver.Cli.Json;
using Quiver.Cli.Parsing;

namespace Quiver.Cli.Commands;

/// <summary><c>quiver serve</c>.</summary>
internal sealed class ServeCommand : CliCommand
{
    private const string DefaultUrl = "http://127.0.0.1:7700";

    private readonly Option<string?> _urls = Options.Text("--urls", "URLS", $"Addresses to listen on, separated by ';'. Default: {DefaultUrl}.");

    public override void Configure(Command command) => command.Add(_urls);

    public override async Task<int> RunAsync(CommandContext context)
    {
        if (context.ServerUrl is not null)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, "--server is for commands that talk to a server; serve is one.");
        }

        var data = context.DataPath;
        await context.Environment.Server.RunAsync(
            new()
            {
                DataDirectory = data,
                Urls = context.Parse.GetValue(_urls) is { } urls ? ServerAddress.ParseListeners(urls) : [],
                Verbose = context.Verbose,
                Started = urls => Announce(context, urls, data),
            },
            context.Stop);
        return ExitCodes.Success;
    }

    private static void Announce(CommandContext context, ImmutableArray<string> urls, string data)
    {
        if (context.Output.IsJson)
        {
            context.Output.Json(new(urls, data), CliJsonContext.Default.ServingDocument);
        }
        else
        {
            context.Output.Line($"Quiver serves {string.Join(", ", urls)}, data in {data}. Ctrl-C stops it.");
        }

        context.Output.Flush();
    }
}
