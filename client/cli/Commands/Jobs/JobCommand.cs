using System.CommandLine;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;

namespace Quiver.Cli.Commands.Jobs;

/// <summary>A command about one job.</summary>
internal abstract class JobCommand : CliCommand
{
    private readonly Argument<string> _id = new("ID") { Description = "The job's id, from ingest or jobs list." };

    /// <summary>Whether a silo in this process may run jobs for it.</summary>
    protected virtual bool RunsJobs => false;

    /// <summary>Whether it only reads.</summary>
    protected virtual bool OnlyReads(CommandContext context) => false;

    public override void Configure(Command command) => command.Add(_id);

    public override async Task<int> RunAsync(CommandContext context)
    {
        var job = JobId.Parse(context.Parse.GetValue(_id));
        await using var session = await (OnlyReads(context) ? context.OpenToReadAsync() : context.OpenAsync(RunsJobs));
        return await RunAsync(context, session, job);
    }

    /// <summary>Does it.</summary>
    protected abstract Task<int> RunAsync(CommandContext context, IClientSession session, JobId job);
}
