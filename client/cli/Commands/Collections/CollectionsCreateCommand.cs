using System.CommandLine;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;

namespace Quiver.Cli.Commands.Collections;

/// <summary><c>quiver collections create</c>.</summary>
internal sealed class CollectionsCreateCommand : CollectionCommand
{
    private readonly SettingsOptions _options = new(creates: true);
    private CollectionSettings _settings = new();

    public override void Configure(Command command)
    {
        base.Configure(command);
        _options.AddTo(command);
    }

    protected override void Check(CommandContext context, CollectionName collection) =>
        _settings = _options.Read(context.Parse, context.Environment.CurrentDirectory) ?? _settings;

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        CollectionDetails.Print(context, await session.Client.CreateCollectionAsync(collection, _settings, context.Stop));
        return ExitCodes.Success;
    }
}
