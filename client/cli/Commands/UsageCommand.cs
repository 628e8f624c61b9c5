using System.CommandLine;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands;

/// <summary><c>quiver usage</c>.</summary>
internal sealed class UsageCommand : CliCommand
{
    public override void Configure(Command command)
    {
    }

    public override async Task<int> RunAsync(CommandContext context)
    {
        await using var session = await context.OpenToReadAsync();
        var usage = await session.Client.GetUsageAsync(context.Stop);
        var output = context.Output;
        if (output.IsJson)
        {
            output.Json(usage, QuiverJsonContext.Shared.TenantUsage);
            return ExitCodes.Success;
        }

        output.Line($"tenant           {context.Tenant}");
        output.Line($"jobs             {Quantities.Count(usage.Jobs)}");
        output.Line($"embedding calls  {Quantities.Count(usage.EmbeddingCalls)}");
        output.Line($"embedded texts   {Quantities.Count(usage.EmbeddedTexts)}");
        output.Line($"embedded tokens  {Quantities.Count(usage.EmbeddedTokens)}");
        output.Line($"cache hits       {Quantities.Count(usage.CacheHits)}");
        output.Line($"cost             {Quantities.Money(usage.Cost)}");
        return ExitCodes.Success;
    }
}
