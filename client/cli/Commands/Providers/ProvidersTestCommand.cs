using System.CommandLine;
using System.Globalization;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Client.Json;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Cli.Commands.Providers;

/// <summary><c>quiver providers test</c>.</summary>
internal sealed class ProvidersTestCommand : CliCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "The provider's name." };

    public override void Configure(Command command) => command.Add(_name);

    public override async Task<int> RunAsync(CommandContext context)
    {
        var name = NameValidator.Require(context.Parse.GetValue(_name), "provider");
        await using var session = await context.OpenToReadAsync();
        var test = await session.Client.TestProviderAsync(name, context.Stop);
        if (context.Output.IsJson)
        {
            context.Output.Json(test, QuiverJsonContext.Shared.ProviderTest);
        }
        else
        {
            Print(context.Output, test);
        }

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
        output.Line($"tokens per text      {Quantities.Count(provider.MaxTokens)}");
        output.Line($"texts per request    {Limit(provider.MaxInputs)}");
        output.Line($"tokens per request   {Limit(provider.MaxTokensPerRequest)}");
        output.Line($"requests at a time   {Limit(provider.MaxConcurrency)}");
        output.Line($"requests per minute  {Limit(provider.RequestsPerMinute)}");
        output.Line($"tokens per minute    {Limit(provider.TokensPerMinute)}");
        output.Line($"price                {provider.PricePerMillionTokens.ToString("0.####", CultureInfo.InvariantCulture)} per million tokens");
    }

    private static string Limit(int? value) => value is { } limit ? Quantities.Count(limit) : "no bound";
}
