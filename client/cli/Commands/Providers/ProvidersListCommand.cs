using System.CommandLine;
using System.Globalization;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Client.Json;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Cli.Commands.Providers;

/// <summary><c>quiver providers list</c>.</summary>
internal sealed class ProvidersListCommand : CliCommand
{
    public override void Configure(Command command)
    {
    }

    public override async Task<int> RunAsync(CommandContext context)
    {
        await using var session = await context.OpenToReadAsync();
        var providers = await session.Client.ListProvidersAsync(context.Stop);
        if (context.Output.IsJson)
        {
            context.Output.Json(new() { Items = providers }, QuiverJsonContext.Shared.ProviderPage);
        }
        else
        {
            Print(context.Output, providers);
        }

        return ExitCodes.Success;
    }

    private static void Print(CliOutput output, ImmutableArray<ProviderInfo> providers)
    {
        var table = new TextTable("NAME", "KIND", "DIMENSIONS", "MAX TOKENS", "PRICE", "MODEL", "ADDRESS").Right(2, 3, 4);
        foreach (var provider in providers)
        {
            table.Add(
                provider.IsDefault ? $"{provider.Name} (default)" : provider.Name,
                provider.Kind,
                Quantities.Count(provider.Dimensions),
                Quantities.Count(provider.MaxTokens),
                provider.PricePerMillionTokens.ToString("0.####", CultureInfo.InvariantCulture),
                provider.Model ?? "?",
                provider.Address ?? "this process");
        }

        table.WriteTo(output);
        foreach (var provider in providers.Where(provider => provider.Fault is not null))
        {
            output.Line($"note: {provider.Name}: {provider.Fault!.ReplaceLineEndings(" ")}");
        }
    }
}
