using Quiver.Cli.Sessions;
using Quiver.Client;
using Quiver.Silo.DataDirectory;

namespace Quiver.Silo.Sessions.Reading;

/// <summary>A command that only reads the data directory: it starts no silo.</summary>
internal sealed class ReadingSession : IClientSession
{
    private readonly DirectoryReader _reader;
    private readonly DataDirectoryHolder? _holder;

    private ReadingSession(DirectoryReader reader, DataDirectoryHolder? holder, TenantId tenant)
    {
        _reader = reader;
        _holder = holder;
        Client = new ReadingClient(reader, tenant);
    }

    public IQuiverClient Client { get; }

    public bool RunsJobsElsewhere => _reader.States.JobsRun;

    public string Where => _holder is { RunsJobs: true } ? $"process {_holder.Pid}" : $"this process, data in {_reader.Directory}";

    /// <summary>The open directory.</summary>
    public DirectoryReader Reader => _reader;

    /// <summary>Opens a session; nothing is read yet.</summary>
    /// <param name="directory">The data directory, absolute; a missing one is not created.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="request">What the command needs.</param>
    /// <param name="holder">The process that holds the directory; null when no process does.</param>
    /// <param name="time">The clock.</param>
    public static ReadingSession Open(string directory, IConfiguration configuration, SessionRequest request, DataDirectoryHolder? holder, TimeProvider time) =>
        new(DirectoryReader.Open(directory, configuration, holder, request.Verbose, time), holder, request.Tenant);

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _reader.DisposeAsync();
}
