using System.CommandLine;
using System.Globalization;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Cli.Watching;
using Quiver.Client;
using Quiver.Client.Json;
using Quiver.Client.Requests;

namespace Quiver.Cli.Commands;

/// <summary>A command about one job.</summary>
internal abstract class JobCommand : CliCommand
{
    private readonly Argument<string> _id = new("ID") { Description = "Job id, from ingest or jobs list." };

    /// <summary>Whether a silo in this process may run the job.</summary>
    protected virtual bool RunsJobs => false;

    public override void Configure(Command command) => command.Add(_id);

    public override async Task<int> RunAsync(CommandContext context)
    {
        var job = JobId.Parse(context.Parse.GetValue(_id));
        await using var session = await (OnlyReads(context) ? context.OpenToReadAsync() : context.OpenAsync(RunsJobs));
        return await RunAsync(context, session, job);
    }

    protected virtual bool OnlyReads(CommandContext context) => true;

    protected abstract Task<int> RunAsync(CommandContext context, IClientSession session, JobId job);
}

/// <summary>
/// <c>quiver jobs show</c>, <c>pause</c> and <c>cancel</c>: one call, then the job's status. Without a server, pause and cancel change the durable state.
/// </summary>
internal sealed class JobStatusCommand(Func<IQuiverClient, JobId, CancellationToken, Task<JobStatus>> call, bool onlyReads = false) : JobCommand
{
    protected override bool OnlyReads(CommandContext context) => onlyReads;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        var status = await call(session.Client, job, context.Stop);
        context.Output.Result(status, QuiverJsonContext.Shared.JobStatus, _ => JobPrinter.PrintStatus(context.Output, status, context.Hint));
        return ExitCodes.Success;
    }
}

/// <summary><c>quiver jobs resume</c> and <c>retry</c>: a server runs the job in the background; without one it runs in this process and is followed.</summary>
internal sealed class JobRunCommand(Func<IQuiverClient, JobId, CancellationToken, Task<JobStatus>> start) : JobCommand
{
    protected override bool RunsJobs => true;

    protected override bool OnlyReads(CommandContext context) => false;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        var status = await start(session.Client, job, context.Stop);
        if (!session.RunsJobsElsewhere)
        {
            context.Output.Note($"job {job} into collection {status.Spec.Collection}, {session.Where}");
            return await new JobFollower(context, session).FollowAsync(status);
        }

        if (context.Output.IsJson)
        {
            context.Output.Json(await session.Client.GetReportAsync(job, context.Stop), QuiverJsonContext.Shared.JobReport);
        }
        else
        {
            context.Output.Line($"Job {job} continues on {session.Where}; follow it with: {context.Hint($"jobs watch {job}")}");
        }

        return ExitCodes.Success;
    }
}

/// <summary><c>quiver jobs watch</c>.</summary>
internal sealed class JobsWatchCommand : JobCommand
{
    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        var status = await session.Client.GetJobAsync(job, context.Stop);
        var ends = session.RunsJobsElsewhere || status.State.IsFinal();
        if (context.Output.IsJson)
        {
            return await new JobEventPrinter(context, session).PrintAsync(status, follow: ends);
        }

        return ends
            ? await new JobFollower(context, session).FollowAsync(status)
            : throw JobWatchErrors.NotRunning(context, status);
    }
}

/// <summary><c>quiver jobs report</c>.</summary>
internal sealed class JobsReportCommand : JobCommand
{
    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        var report = await session.Client.GetReportAsync(job, context.Stop);
        context.Output.Result(
            report, QuiverJsonContext.Shared.JobReport, _ => JobPrinter.PrintReport(context.Output, report, context.Hint($"jobs failures {job}")));
        return ExitCodes.Success;
    }
}

/// <summary><c>quiver jobs failures</c>; holds one page in memory at a time.</summary>
internal sealed class JobsFailuresCommand : JobCommand
{
    private const int PageSize = 500;
    private readonly Option<bool> _export = Options.Flag("--export", "Write the failures and the job's report as artifacts, and print links to them.");

    public override void Configure(Command command)
    {
        base.Configure(command);
        command.Add(_export);
    }

    protected override bool OnlyReads(CommandContext context) => !context.Parse.GetValue(_export);

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, JobId job)
    {
        var output = context.Output;
        if (context.Parse.GetValue(_export))
        {
            output.Result(
                await session.Client.ExportJobAsync(job, context.Stop), QuiverJsonContext.Shared.JobExport, export => Print(output, export, session.RunsJobsElsewhere));
            return ExitCodes.Success;
        }

        string? after = null;
        var count = 0L;
        do
        {
            var page = await session.Client.ListFailuresAsync(job, after, PageSize, context.Stop);
            foreach (var failure in page.Items)
            {
                output.Result(failure, QuiverJsonContext.Shared.FailedDocument, _ => output.Line(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{failure.Ordinal,10}  {failure.Code,-20}  {failure.DocumentId}  {failure.Reason.ReplaceLineEndings(" ")}")));
            }

            count += page.Items.Length;
            after = page.Next;
            output.Flush();
        }
        while (after is not null);

        if (count == 0 && !output.IsJson)
        {
            output.Line("No document failed.");
        }

        return ExitCodes.Success;
    }

    private static void Print(CliOutput output, JobExport export, bool runsJobsElsewhere)
    {
        output.Line($"{Quantities.Count(export.Failures, "failed document")} written; artifacts of job {export.Job}:");
        foreach (var artifact in export.Artifacts)
        {
            // Without a server a relative link leads nowhere; the file itself is on this machine.
            var address = runsJobsElsewhere || artifact.Link.IsAbsoluteUri ? artifact.Link.ToString() : artifact.Location;
            output.Line($"  {artifact.Name}  {Quantities.Count(artifact.Bytes, "byte")}  {address}");
        }

        if (runsJobsElsewhere || export.Artifacts.Any(static artifact => artifact.Link.IsAbsoluteUri))
        {
            output.Line($"The links work until {Quantities.Moment(export.Artifacts[0].ExpiresAt)}.");
        }
    }
}

/// <summary><c>quiver jobs list</c>.</summary>
internal sealed class JobsListCommand : CliCommand
{
    private const int DefaultPage = 50;

    private readonly Option<long?> _limit = Options.Whole("--limit", "Maximum number of jobs, 1 to 1000. Default: 50.", 1, RequestValidator.MaxPage);
    private readonly Option<bool> _all = Options.Flag("--all", "List all jobs, at most 10,000.");
    private readonly Option<string?> _after = Options.Text("--after", "CURSOR", "Cursor from the end of the previous listing. Default: start with the newest.");
    private readonly Option<string?> _collection = Options.Text("--collection", "NAME", "Only jobs of this collection. Default: all.");

    private readonly Option<JobState?> _state = Options.Choice(
        "--state",
        "Only jobs in this state; interrupted jobs count as running. Default: all.",
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
            Limit = all ? RequestValidator.MaxPage : (int)(context.Parse.GetValue(_limit) ?? DefaultPage),
            After = context.Parse.GetValue(_after),
        };
        await using var session = await context.OpenToReadAsync();
        var page = all
            ? await Listing.AllAsync(after => session.Client.ListJobsAsync(request with { After = after }, context.Stop), request.After)
            : await session.Client.ListJobsAsync(request, context.Stop);
        context.Output.Result(page, QuiverJsonContext.Shared.JobPage, _ => Print(context, page));
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
                job.Id.Value, job.Spec.Collection.Value, JobPrinter.StateOf(job),
                Quantities.Count(job.Counters.Documents), Quantities.Count(job.Counters.Failed), Quantities.Age(job.CreatedAt, now));
        }

        table.WriteTo(context.Output);
        if (page.Next is { } next)
        {
            context.Output.Line($"More: {context.Hint($"jobs list --after {CommandHint.Quote(next)}")}");
        }
    }
}

/// <summary>Reads listings to their end.</summary>
internal static class Listing
{
    private const int MaxItems = 10_000;

    /// <summary>All items, at most 10,000, as one page; its cursor continues the listing.</summary>
    public static async Task<Page<T>> AllAsync<T>(Func<string?, Task<Page<T>>> read, string? after)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        do
        {
            var page = await read(after);
            items.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null && items.Count < MaxItems);
        return new() { Items = items.ToImmutable(), Next = after };
    }
}
