using Quiver.Cli.Doctor;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;

namespace Quiver.Cli.Commands;

/// <summary><c>quiver doctor</c>.</summary>
internal sealed class DoctorCommand : CliCommand
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(30);

    public override async Task<int> RunAsync(CommandContext context)
    {
        var checks = ImmutableArray.CreateBuilder<DoctorCheckDocument>();
        foreach (var check in context.Environment.DoctorChecks(context.DataPath))
        {
            var result = await RunAsync(check, context);
            checks.Add(new(check.Name, result.Status, result.Message, result.Remedy));
        }

        var healthy = checks.All(check => check.Status != DoctorStatus.Fail);
        context.Output.Result(
            new DoctorDocument(healthy, checks.ToImmutable()), CliJsonContext.Default.DoctorDocument, document => Print(context.Output, document.Checks));
        return healthy ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static async Task<DoctorResult> RunAsync(IDoctorCheck check, CommandContext context)
    {
        try
        {
            return await check.RunAsync(context.Stop).WaitAsync(CheckTimeout, context.Environment.Time, context.Stop);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return DoctorResult.Fail(exception.Message, "Run the command again with --verbose; if it fails again, report it.");
        }
    }

    private static void Print(CliOutput output, ImmutableArray<DoctorCheckDocument> checks)
    {
        var table = new TextTable("CHECK", "RESULT", "FOUND");
        foreach (var check in checks)
        {
            table.Add(check.Name, Word(check.Status), check.Message);
        }

        table.WriteTo(output);
        foreach (var check in checks.Where(check => check.Remedy is not null))
        {
            output.Line($"{(check.Status == DoctorStatus.Fail ? "fix" : "note")}: {check.Name}: {check.Remedy}");
        }
    }

    private static string Word(DoctorStatus status) => status switch
    {
        DoctorStatus.Ok => "ok",
        DoctorStatus.Warn => "warning",
        _ => "FAILED",
    };
}
