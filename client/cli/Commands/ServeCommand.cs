using System.CommandLine;
using Quiver.Cli.Output;
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
            throw new InvalidRequestException(ErrorCodes.InvalidOption, "serve starts a server and takes no --server; use --urls to choose its addresses.");
        }

        var data = context.DataPath;
        await context.Environment.Server.RunAsync(
            new()
            {
                DataDirectory = data,
                Urls = context.Parse.GetValue(_urls) is { } urls ? ServerAddress.ParseListeners(urls) : [],
                Verbose = context.Verbose,
                Started = urls =>
                {
                    context.Output.Result(
                        new ServingDocument(urls, data),
                        CliJsonContext.Default.ServingDocument,
                        _ => context.Output.Line($"Quiver serves {string.Join(", ", urls)}, data in {data}. Ctrl-C stops it."));
                    context.Output.Flush();
                },
            },
            context.Stop);
        return ExitCodes.Success;
    }
}
