using System.CommandLine;
using Quiver.Cli.Commands;
using Quiver.Cli.Commands.Collections;
using Quiver.Cli.Commands.Demo;
using Quiver.Cli.Commands.Jobs;
using Quiver.Cli.Commands.Providers;

namespace Quiver.Cli.Parsing;

/// <summary>All commands by name. Only those whose name is on the command line get their options, so that a start costs little.</summary>
internal static class CommandTree
{
    /// <summary>The executable's name in help and hints.</summary>
    public const string Executable = "quiver";

    private static CommandEntry[] Entries() =>
    [
        CommandEntry.Of<DemoCommand>("demo", "Ingest this repository and answer three questions about it."),
        CommandEntry.Of<ServeCommand>("serve", "Serve the HTTP API until Ctrl-C or SIGTERM."),
        CommandEntry.Of<IngestCommand>("ingest", "Ingest files, folders, objects of S3 or a table of PostgreSQL into a collection."),
        CommandEntry.Of<SearchCommand>("search", "Find the chunks nearest to a text."),
        CommandEntry.Group(
            "jobs",
            "Look at jobs and command them.",
            CommandEntry.Of<JobsListCommand>("list", "List jobs, newest first."),
            CommandEntry.Of<JobsShowCommand>("show", "Show a job as it stands."),
            CommandEntry.Of<JobsWatchCommand>("watch", "Follow a job to its end."),
            CommandEntry.Of<JobsPauseCommand>("pause", "Pause a running job."),
            CommandEntry.Of<JobsResumeCommand>("resume", "Go on with a paused or interrupted job."),
            CommandEntry.Of<JobsCancelCommand>("cancel", "Stop a job for good; what it stored stays."),
            CommandEntry.Of<JobsRetryCommand>("retry", "Go on with a failed job from its checkpoint."),
            CommandEntry.Of<JobsReportCommand>("report", "Print what a job did."),
            CommandEntry.Of<JobsFailuresCommand>("failures", "List the documents of a job that failed alone.")),
        CommandEntry.Group(
            "collections",
            "Create collections, look at them, export, verify and delete them.",
            CommandEntry.Of<CollectionsCreateCommand>("create", "Create a collection with settings of its own."),
            CommandEntry.Of<CollectionsSetCommand>("set", "Change settings of a collection."),
            CommandEntry.Of<CollectionsListCommand>("list", "List collections by name."),
            CommandEntry.Of<CollectionsShowCommand>("show", "Show a collection."),
            CommandEntry.Of<CollectionsFacetsCommand>("facets", "Count points by the values of a field."),
            CommandEntry.Of<CollectionsExportCommand>("export", "Print all points as JSON lines: id, vector, payload."),
            CommandEntry.Of<CollectionsDeleteCommand>("delete", "Delete a collection with its points."),
            CommandEntry.Of<CollectionsVerifyCommand>("verify", "Compare the ledger with the vector store.")),
        CommandEntry.Group(
            "providers",
            "Look at the embedding providers and try them.",
            CommandEntry.Of<ProvidersListCommand>("list", "List the providers by name."),
            CommandEntry.Of<ProvidersTestCommand>("test", "Make one real embedding call, or two where queries are sent otherwise; they may cost a few tokens.")),
        CommandEntry.Of<UsageCommand>("usage", "Show what the tenant's jobs used of embedding models."),
        CommandEntry.Of<DoctorCommand>("doctor", "Check that everything Quiver needs is there."),
    ];

    /// <summary>Builds the tree.</summary>
    /// <param name="globals">The options of every command.</param>
    /// <param name="words">The words of the command line; null builds everything.</param>
    /// <param name="run">Runs the command that is chosen.</param>
    public static RootCommand Build(GlobalOptions globals, HashSet<string>? words, Func<CliCommand, ParseResult, Task<int>> run)
    {
        var root = new RootCommand("Quiver turns files into searchable vectors and never loses its place.");
        globals.AddTo(root);
        foreach (var entry in Entries())
        {
            root.Add(Build(entry, words, run));
        }

        return root;
    }

    /// <summary>A command with its parents: <c>quiver jobs list</c>.</summary>
    public static string PathOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent
        ? $"{PathOf(parent)} {command.Name}"
        : Executable;

    private static Command Build(CommandEntry entry, HashSet<string>? words, Func<CliCommand, ParseResult, Task<int>> run)
    {
        var command = new Command(entry.Name, entry.Description);
        if (words?.Contains(entry.Name) == false)
        {
            return command;
        }

        foreach (var child in entry.Children)
        {
            command.Add(Build(child, words, run));
        }

        if (entry.Create?.Invoke() is { } implementation)
        {
            implementation.Configure(command);
            command.SetAction((parse, _) => run(implementation, parse));
        }

        return command;
    }
}
