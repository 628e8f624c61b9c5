using System.CommandLine;
using System.Globalization;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Client.Json;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Cli.Commands;

/// <summary><c>quiver providers list</c>.</summary>
internal sealed class ProvidersListCommand : CliCommand
{
    public override async Task<int> RunAsync(CommandContext context)
    {
        await using var session = await context.OpenToReadAsync();
        var providers = await session.Client.ListProvidersAsync(context.Stop);
        context.Output.Result(new() { Items = providers }, QuiverJsonContext.Shared.ProviderPage, _ => Print(context.Output, providers));
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
        foreach (var provider in providers)
        {
            if (provider.Fault is { } fault)
            {
                output.Line($"note: {provider.Name}: {fault.ReplaceLineEndings(" ")}");
            }

            foreach (var (limit, unit, setting) in LimitsOf(provider.Learned))
            {
                output.Line(
                    $"note: {provider.Name}: learned from its refusals: at most {Quantities.Count(limit)} {unit}. It doubles with every hour; to keep to it, set "
                    + string.Create(CultureInfo.InvariantCulture, $"Quiver:Providers:{provider.Name}:{setting} to {limit}."));
            }
        }
    }

    private static IEnumerable<(int Limit, string Unit, string Setting)> LimitsOf(LearnedLimits? learned)
    {
        if (learned?.MaxInputs is { } inputs)
        {
            yield return (inputs, "texts in a request", nameof(LearnedLimits.MaxInputs));
        }

        if (learned?.MaxTokensPerRequest is { } requestTokens)
        {
            yield return (requestTokens, "tokens in a request", nameof(LearnedLimits.MaxTokensPerRequest));
        }

        if (learned?.MaxTokensPerInput is { } tokens)
        {
            yield return (tokens, "tokens in a text", nameof(LearnedLimits.MaxTokensPerInput));
        }
    }
}

/// <summary><c>quiver providers test</c>.</summary>
internal sealed class ProvidersTestCommand : CliCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "Provider name." };

    public override void Configure(Command command) => command.Add(_name);

    public override async Task<int> RunAsync(CommandContext context)
    {
        var name = NameValidator.Require(context.Parse.GetValue(_name), "provider");
        await using var session = await context.OpenToReadAsync();
        var test = await session.Client.TestProviderAsync(name, context.Stop);
        context.Output.Result(test, QuiverJsonContext.Shared.ProviderTest, _ => Print(context.Output, test));
        return ExitCodes.Success;
    }

    private static void Print(CliOutput output, ProviderTest test)
    {
        var provider = test.Provider;
        output.Line($"provider             {provider.Name} ({provider.Kind}{(provider.IsDefault ? ", default" : "")})");
        output.Line($"address              {provider.Address ?? "this process"}");
        output.Line($"model                {provider.Model}");
        output.Line($"latency              {Quantities.Duration(test.Latency)}");
        output.Line($"dimensions           {Quantities.Count(test.Dimensions)}");
        output.Line($"tokens               {Quantities.Count(test.Tokens)}");
        output.Line($"tokens per text      {Limit(provider.MaxTokens, provider.Learned?.MaxTokensPerInput)}");
        output.Line($"texts per request    {Limit(provider.MaxInputs, provider.Learned?.MaxInputs)}");
        output.Line($"tokens per request   {Limit(provider.MaxTokensPerRequest, provider.Learned?.MaxTokensPerRequest)}");
        output.Line($"requests at a time   {Limit(provider.MaxConcurrency)}");
        output.Line($"requests per minute  {Limit(provider.RequestsPerMinute)}");
        output.Line($"tokens per minute    {Limit(provider.TokensPerMinute)}");
        output.Line($"price                {provider.PricePerMillionTokens.ToString("0.####", CultureInfo.InvariantCulture)} per million tokens");
    }

    private static string Limit(int? value, int? learned = null) =>
        learned is { } lower ? $"{Quantities.Count(lower)} (learned from a refusal)"
        : value is { } limit ? Quantities.Count(limit)
        : "no limit";
}

/// <summary><c>quiver usage</c>.</summary>
internal sealed class UsageCommand : CliCommand
{
    public override async Task<int> RunAsync(CommandContext context)
    {
        await using var session = await context.OpenToReadAsync();
        var output = context.Output;
        output.Result(await session.Client.GetUsageAsync(context.Stop), QuiverJsonContext.Shared.TenantUsage, usage =>
        {
            output.Line($"tenant           {context.Tenant}");
            output.Line($"jobs             {Quantities.Count(usage.Jobs)}");
            output.Line($"embedding calls  {Quantities.Count(usage.EmbeddingCalls)}");
            output.Line($"embedded texts   {Quantities.Count(usage.EmbeddedTexts)}");
            output.Line($"embedded tokens  {Quantities.Count(usage.EmbeddedTokens)}");
            output.Line($"cache hits       {Quantities.Count(usage.CacheHits)}");
            output.Line($"cost             {Quantities.Money(usage.Cost)}");
        });
        return ExitCodes.Success;
    }
}
