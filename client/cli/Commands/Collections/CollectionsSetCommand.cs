using System.CommandLine;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;

namespace Quiver.Cli.Commands.Collections;

/// <summary><c>quiver collections set</c>.</summary>
internal sealed class CollectionsSetCommand : CollectionCommand
{
    private readonly SettingsOptions _options = new(creates: false);
    private CollectionSettings _changes = new();

    public override void Configure(Command command)
    {
        base.Configure(command);
        _options.AddTo(command);
    }

    protected override void Check(CommandContext context, CollectionName collection) =>
        _changes = _options.Read(context.Parse, context.Environment.CurrentDirectory)
            ?? throw new InvalidRequestException(ErrorCodes.InvalidOption, "Say what to change, such as --retain-for 90d.");

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        CollectionDetails.Print(context, await session.Client.ChangeCollectionAsync(collection, _changes, context.Stop));
        return ExitCodes.Success;
    }
}
