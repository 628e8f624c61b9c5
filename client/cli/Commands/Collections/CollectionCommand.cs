using System.CommandLine;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;

namespace Quiver.Cli.Commands.Collections;

/// <summary>A command about one collection.</summary>
internal abstract class CollectionCommand : CliCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "The collection's name." };

    public override void Configure(Command command) => command.Add(_name);

    public override async Task<int> RunAsync(CommandContext context)
    {
        var collection = CollectionName.Parse(context.Parse.GetValue(_name));
        Check(context, collection);
        await using var session = await (OnlyReads(context) ? context.OpenToReadAsync() : context.OpenAsync(runsJobs: false));
        return await RunAsync(context, session, collection);
    }

    /// <summary>Refuses what makes no sense before anything is opened.</summary>
    protected virtual void Check(CommandContext context, CollectionName collection)
    {
    }

    /// <summary>Whether it only reads.</summary>
    protected virtual bool OnlyReads(CommandContext context) => false;

    /// <summary>Does it.</summary>
    protected abstract Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection);
}
