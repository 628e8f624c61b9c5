using System.CommandLine;
using Quiver.Cli.Parsing;

namespace Quiver.Cli.Commands;

/// <summary>All commands. Only those named on the command line are created, so that the start stays fast.</summary>
internal static class CommandTree
{
    private static Entry[] Entries() =>
    [
        new("demo", "Ingest Quiver's documentation and answer three questions about it.", static () => new DemoCommand()),
        new("serve", "Serve the HTTP API until Ctrl-C or SIGTERM.", static () => new ServeCommand()),
        new("ingest", "Ingest files, folders, S3 objects or a PostgreSQL table into a collection.", static () => new IngestCommand()),
        new("search", "Search a collection.", static () => new SearchCommand()),
        new("chunks", "Show how a file would be cut into chunks.", static () => new ChunksCommand()),
        Entry.Group(
            "jobs",
            "List, watch and control jobs.",
            new("list", "List jobs, newest first.", static () => new JobsListCommand()),
            new("show", "Show the status of a job.", static () => new JobStatusCommand(
                static (client, job, stop) => client.GetJobAsync(job, stop), onlyReads: true)),
            new("watch", "Follow a job to its end.", static () => new JobsWatchCommand()),
            new("pause", "Pause a running job.", static () => new JobStatusCommand(
                static (client, job, stop) => client.PauseJobAsync(job, stop))),
            new("resume", "Resume a paused or interrupted job.", static () => new JobRunCommand(
                static (client, job, stop) => client.ResumeJobAsync(job, stop))),
            new("cancel", "Cancel a job; what it stored stays.", static () => new JobStatusCommand(
                static (client, job, stop) => client.CancelJobAsync(job, stop))),
            new("retry", "Retry a failed job; stored documents are skipped.", static () => new JobRunCommand(
                static (client, job, stop) => client.RetryJobAsync(job, stop))),
            new("report", "Print the report of a job.", static () => new JobsReportCommand()),
            new("failures", "List the failed documents of a job.", static () => new JobsFailuresCommand())),
        Entry.Group(
            "collections",
            "Create, change, inspect, export, verify and delete collections.",
            new("create", "Create a collection.", static () => new CollectionsWriteCommand(creates: true)),
            new("set", "Change the settings of a collection.", static () => new CollectionsWriteCommand(creates: false)),
            new("list", "List collections by name.", static () => new CollectionsListCommand()),
            new("show", "Show a collection.", static () => new CollectionsShowCommand()),
            new("facets", "Count points by the values of a field.", static () => new CollectionsFacetsCommand()),
            new("chunks", "Show the stored chunks of a document, in order.", static () => new CollectionsChunksCommand()),
            new("export", "Export all points as JSON lines: id, vector, payload.", static () => new CollectionsExportCommand()),
            new("delete", "Delete a collection with its points.", static () => new CollectionsDeleteCommand()),
            new("verify", "Compare the ledger with the vector store.", static () => new CollectionsVerifyCommand())),
        Entry.Group(
            "providers",
            "List and test embedding providers.",
            new("list", "List the providers by name.", static () => new ProvidersListCommand()),
            new(
                "test",
                "Make one real embedding call, or two where queries are sent differently; they may cost a few tokens.",
                static () => new ProvidersTestCommand())),
        new("usage", "Show the tenant's usage of embedding models.", static () => new UsageCommand()),
        new("compact", "Shrink the files of a data directory: embedding cache, ledger, grain state and embedded index.", static () => new CompactCommand()),
        new("repair", "Find damage in what is stored, and rebuild what can be rebuilt.", static () => new RepairCommand()),
        new("doctor", "Check everything that Quiver needs: data directory, settings, model and stores.", static () => new DoctorCommand()),
    ];

    /// <summary>Builds the tree.</summary>
    /// <param name="globals">The options of every command.</param>
    /// <param name="words">The words of the command line; null creates every command.</param>
    /// <param name="run">Runs the chosen command.</param>
    public static RootCommand Build(GlobalOptions globals, HashSet<string>? words, Func<CliCommand, ParseResult, Task<int>> run)
    {
        var root = new RootCommand("Quiver turns datasets into searchable vectors, with jobs that resume where they stopped.");
        globals.AddTo(root);
        foreach (var entry in Entries())
        {
            root.Add(Build(entry, words, run));
        }

        return root;
    }

    private static Command Build(Entry entry, HashSet<string>? words, Func<CliCommand, ParseResult, Task<int>> run)
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

    /// <summary>A command, or a group of commands.</summary>
    private sealed record Entry(string Name, string Description, Func<CliCommand>? Create, params Entry[] Children)
    {
        public static Entry Group(string name, string description, params Entry[] children) => new(name, description, null, children);
    }
}
