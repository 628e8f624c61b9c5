using System.CommandLine;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Cli.Watching;
using Quiver.Client;

namespace Quiver.Cli.Commands;

/// <summary><c>quiver demo</c>.</summary>
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
        Description = "Folder or file to ingest. Default: Quiver's documentation, which comes with the executable.",
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
        var succeeded = report.Status.State.IsSuccess();
        if (!succeeded || !context.Output.IsJson)
        {
            follower.Print(report);
        }

        if (!succeeded)
        {
            return follower.ExitCodeOf(report.Status);
        }

        var answers = ImmutableArray.CreateBuilder<SearchDocument>();
        foreach (var question in corpus.IsQuiver ? Questions : [])
        {
            answers.Add(await AskAsync(context, session.Client, question));
        }

        context.Output.Result(
            new DemoDocument(report, answers.ToImmutable(), context.ServerUrl is null ? context.DataPath : null),
            CliJsonContext.Default.DemoDocument,
            _ => PrintNext(context, session, report.Status.Id));

        // A failed document is part of what the demo shows, not a failure of the demo.
        return ExitCodes.Success;
    }

    private static async Task<SearchDocument> AskAsync(CommandContext context, IQuiverClient client, string question)
    {
        var collection = CollectionName.Parse(Collection);
        var result = await client.SearchAsync(collection, new() { Query = question, Limit = HitsPerQuestion }, context.Stop);
        if (!context.Output.IsJson)
        {
            context.Output.Line();
            context.Output.Line($"Q: {question}");
            SearchHits.Print(context.Output, question, result, context.Environment.Width());
            context.Output.Flush();
        }

        return new(collection, question, result.Hits, result.Notes);
    }

    // The name makes builds in different folders the same source, so that the documents of another build count as unchanged.
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
        output.Line(context.ServerUrl is not null ? $"The data is on {session.Where}." : $"The data is in {context.DataPath}.");
        output.Line("Try next:");
        output.Line($"  {context.Hint("demo")}    a second run: every document is unchanged, nothing is embedded or written");
        output.Line($"  {context.Hint($"search 'your question' --collection {Collection}")}");
        output.Line($"  {context.Hint("ingest PATH --collection NAME")}");
        output.Line($"  {context.Hint($"jobs report {job}")}");
        if (context.ServerUrl is null && !session.IsServer)
        {
            output.Line($"  {context.Hint("serve")}");
        }
    }
}

/// <summary>The documents of the demo.</summary>
/// <param name="Path">An absolute path.</param>
/// <param name="IsQuiver">Whether it is Quiver's documentation, which the demo's questions are about.</param>
internal sealed record DemoCorpus(string Path, bool IsQuiver)
{
    /// <summary>The folder of Quiver's documentation next to the executable.</summary>
    private const string Folder = "demo";

    /// <summary>The given path, else Quiver's documentation.</summary>
    /// <exception cref="NotFoundException">With <see cref="CliErrorCodes.DemoNotFound"/> or <see cref="ErrorCodes.PathNotFound"/>.</exception>
    public static DemoCorpus Find(string? path, string currentDirectory, string executableDirectory)
    {
        if (path is null)
        {
            var shipped = System.IO.Path.Combine(executableDirectory, Folder);
            return Directory.Exists(shipped)
                ? new(shipped, true)
                : throw new NotFoundException(
                    CliErrorCodes.DemoNotFound,
                    $"This build does not contain the demo documents ('{shipped}'). Build Quiver again, or name a folder with text: quiver demo PATH.");
        }

        var full = System.IO.Path.GetFullPath(path, currentDirectory);
        return Directory.Exists(full) || File.Exists(full)
            ? new(full, false)
            : throw new NotFoundException(ErrorCodes.PathNotFound, $"There is no file or folder '{full}'.");
    }
}
