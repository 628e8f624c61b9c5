using System.CommandLine;
using Quiver.Cli.Parsing;
using Quiver.Cli.Watching;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands;

/// <summary><c>quiver ingest</c>.</summary>
internal sealed class IngestCommand : CliCommand
{
    private readonly IngestOptions _options = new();
    private readonly Option<bool> _detach = Options.Flag("--detach", "Return as soon as the job is durable; needs a server.");

    public override void Configure(Command command)
    {
        _options.AddTo(command);
        command.Add(_detach);
    }

    public override async Task<int> RunAsync(CommandContext context)
    {
        var spec = _options.ToSpec(context.Parse, context.Tenant, context.Environment.CurrentDirectory);
        var detach = context.Parse.GetValue(_detach);

        // Without a server --detach is refused, so that the silo opened to find that out must not start working.
        await using var session = await context.OpenAsync(runsJobs: !detach);
        if (detach && !session.IsServer)
        {
            throw new InvalidRequestException(CliErrorCodes.ServerRequired, "--detach needs a server that does the work: start one with quiver serve, or leave --detach away.");
        }

        var status = await session.Client.SubmitAsync(spec, context.Stop);
        if (detach)
        {
            return Detached(context, status);
        }

        context.Output.Note($"job {status.Id} into collection {spec.Collection}, {session.Where}");
        return await new JobFollower(context, session).FollowAsync(status);
    }

    private static int Detached(CommandContext context, JobStatus status)
    {
        if (context.Output.IsJson)
        {
            context.Output.Json(status, QuiverJsonContext.Shared.JobStatus);
        }
        else
        {
            context.Output.Line($"Job {status.Id} was submitted; follow it with: {context.Hint($"jobs watch {status.Id}")}");
        }

        return ExitCodes.Success;
    }
}
