using System.CommandLine;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands.Jobs;

/// <summary><c>quiver jobs list</c>.</summary>
internal sealed class JobsListCommand : CliCommand
{
    private const int DefaultPage = 50;
    private const int PageSize = 1_000;

    private readonly Option<long?> _limit = Options.Whole("--limit", "Most jobs, 1 to 1000. Default: 50.", 1, PageSize);
    private readonly Option<bool> _all = Options.Flag("--all", "List all jobs, at most 10,000.");
    private readonly Option<string?> _after = Options.Text("--after", "CURSOR", "Go on after a listing that named this. Default: from the newest.");
    private readonly Option<string?> _collection = Options.Text("--collection", "NAME", "Only jobs of this collection. Default: all.");

    private readonly Option<JobState?> _state = Options.Choice(
        "--state",
        "Only jobs in this state; interrupted ones are running. Default: all.",
        [.. EnumNames<JobState>.All.Select(name => (name, EnumNames<JobState>.Parse(name, "state")))]);

    public override void Configure(Command command)
    {
        command.Add(_limit);
        command.Add(_all);
        command.Add(_after);
        command.Add(_collection);
        command.Add(_state);
    }

    public override async Task<int> RunAsync(CommandContext context)
    {
        var all = context.Parse.GetValue(_all);
        if (all && context.Parse.GetValue(_limit) is not null)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, "Give --limit or --all, not both.");
        }

        var request = new JobListRequest
        {
            State = context.Parse.GetValue(_state),
            Collection = context.Parse.GetValue(_collection) is { } name ? CollectionName.Parse(name) : null,
            Limit = all ? PageSize : (int)(context.Parse.GetValue(_limit) ?? DefaultPage),
            After = context.Parse.GetValue(_after),
        };
        await using var session = await context.OpenToReadAsync();
        var page = all
            ? await Listing.AllAsync(after => session.Client.ListJobsAsync(request with { After = after }, context.Stop), request.After)
            : await session.Client.ListJobsAsync(request, context.Stop);
        if (context.Output.IsJson)
        {
            context.Output.Json(page, QuiverJsonContext.Shared.JobPage);
        }
        else
        {
            Print(context, page);
        }

        return ExitCodes.Success;
    }

    private static void Print(CommandContext context, Page<JobStatus> page)
    {
        if (page.Items.IsEmpty)
        {
            context.Output.Line("No jobs.");
            return;
        }

        var now = context.Environment.Time.GetUtcNow();
        var table = new TextTable("ID", "COLLECTION", "STATE", "DOCUMENTS", "FAILED", "AGE").Right(3, 4, 5);
        foreach (var job in page.Items)
        {
            table.Add(
                job.Id.Value, job.Spec.Collection.Value, JobWords.Of(job),
                Quantities.Count(job.Counters.Documents), Quantities.Count(job.Counters.Failed), Quantities.Age(job.CreatedAt, now));
        }

        table.WriteTo(context.Output);
        if (page.Next is { } next)
        {
            context.Output.Line($"More: {context.Hint($"jobs list --after {CommandHint.Quote(next)}")}");
        }
    }
}
