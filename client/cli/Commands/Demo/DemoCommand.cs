using System.CommandLine;
using Quiver.Cli.Json;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Cli.Watching;
using Quiver.Client;

namespace Quiver.Cli.Commands.Demo;

/// <summary><c>quiver demo</c>: from nothing to answers.</summary>
internal sealed class DemoCommand : CliCommand
{
    private const string Collection = "demo";
    private const string SourceName = "quiver-docs";
    private const int HitsPerQuestion = 2;

    private static readonly string[] Questions =
    [
        "How do I resume a job after a crash?",
        "What happens to a document that cannot be read?",
        "Can one tenant see another tenant's documents?",
    ];

    private readonly Argument<string?> _path = new("PATH")
    {
        Description = "A folder or file of yours. Default: Quiver's documentation, which comes with the executable.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public override void Configure(Command command) => command.Add(_path);

    public override async Task<int> RunAsync(CommandContext context)
    {
        var corpus = DemoCorpus.Find(context.Parse.GetValue(_path), context.Environment.CurrentDirectory, context.Environment.ExecutableDirectory);
        await using var session = await context.OpenAsync(runsJobs: true);
        context.Output.Note($"Ingesting {corpus.Path} into the collection {Collection}, {session.Where}");
        var follower = new JobFollower(context, session);
        var report = await follower.WatchAsync(await session.Client.SubmitAsync(Spec(context.Tenant, corpus), context.Stop));
        if (!report.Status.State.IsSuccess())
        {
            follower.Print(report);
            return follower.ExitCodeOf(report.Status);
        }

        if (!context.Output.IsJson)
        {
            follower.Print(report);
        }

        var answers = ImmutableArray.CreateBuilder<SearchDocument>();
        foreach (var question in corpus.IsQuiver ? Questions : [])
        {
            answers.Add(await AskAsync(context, session.Client, question));
        }

        if (context.Output.IsJson)
        {
            context.Output.Json(new(report, answers.ToImmutable(), context.ServerUrl is null ? context.DataPath : null), CliJsonContext.Default.DemoDocument);
        }
        else
        {
            PrintNext(context, session, report.Status.Id);
        }

        // A document that fails alone is part of what the demo shows, not a failure of the demo.
        return ExitCodes.Success;
    }

    private static async Task<SearchDocument> AskAsync(CommandContext context, IQuiverClient client, string question)
    {
        var collection = CollectionName.Parse(Collection);
        var hits = await client.SearchAsync(collection, new() { Query = question, Limit = HitsPerQuestion }, context.Stop);
        if (!context.Output.IsJson)
        {
            context.Output.Line();
            context.Output.Line($"Q: {question}");
            Hits.Write(context.Output, question, hits, context.Environment.Width());
            context.Output.Flush();
        }

        return new(collection, question, hits);
    }

    // The name makes builds in different places the same source, so that another build finds the documents unchanged.
    private static JobSpec Spec(TenantId tenant, DemoCorpus corpus) => new()
    {
        Tenant = tenant,
        Collection = CollectionName.Parse(Collection),
        Sync = SyncMode.Mirror,
        Source = new() { Paths = [corpus.Path], Name = corpus.IsQuiver ? SourceName : null },
    };

    private static void PrintNext(CommandContext context, IClientSession session, JobId job)
    {
        var output = context.Output;
        output.Line();
        output.Line(context.ServerUrl is not null ? $"The data lie with {session.Where}." : $"The data lie in {context.DataPath}.");
        output.Line("Try next:");
        output.Line($"  {context.Hint("demo")}    once more: every document is unchanged, nothing is embedded or written");
        output.Line($"  {context.Hint($"search 'your question' --collection {Collection}")}");
        output.Line($"  {context.Hint("ingest PATH --collection NAME")}");
        output.Line($"  {context.Hint($"jobs report {job}")}");
        if (context.ServerUrl is null && !session.IsServer)
        {
            output.Line($"  {context.Hint("serve")}");
        }
    }
}
