
using Quiver.Client.Requests;

namespace Quiver.Client;

/// <summary>Writes what people keep of a job to where artifacts are kept. Thread-safe.</summary>
public interface IJobExporter
{
    /// <summary>Writes the job's report and its failed documents as artifacts, replacing those of an earlier export.</summary>
    /// <param name="client">The tenant's view of the job.</param>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up; an artifact is replaced as a whole or not at all.</param>
    Task<JobExport> ExportAsync(IQuiverClient client, JobId job, CancellationToken cancellationToken = default);
}
