using Microsoft.AspNetCore.Http.HttpResults;
using Quiver.Client;
using Quiver.Client.Requests;
using Quiver.Silo.Api.OpenApi;

namespace Quiver.Silo.Api;

/// <summary>Commands to jobs.</summary>
internal static class JobCommandEndpoints
{
    private delegate Task<JobStatus> JobCommand(IQuiverClient client, JobId job, CancellationToken cancellationToken);

    public static void Map(RouteGroupBuilder v1)
    {
        var job = v1.MapGroup("/jobs/{job}").WithTags("Jobs");
        Map(job, "pause", "Pauses a running job: no new batches, those in flight are committed.", static (client, id, token) => client.PauseJobAsync(id, token));
        Map(job, "resume", "Runs a paused job, or takes up an interrupted one.", static (client, id, token) => client.ResumeJobAsync(id, token));
        Map(job, "cancel", "Stops a job for good; what it stored stays.", static (client, id, token) => client.CancelJobAsync(id, token));
        job.MapPost("/export", static async Task<Ok<JobExport>> (TenantClient tenant, string job, CancellationToken cancellationToken) =>
                TypedResults.Ok(await tenant.Client.ExportJobAsync(JobId.Parse(job), cancellationToken)))
            .Describe("exportJob", "Writes the job's report and failed documents as artifacts, and answers with links to all of its artifacts.")
            .OfJob()
            .Fails(500, ErrorCodes.StorageUnavailable, ErrorCodes.AccessDenied, ErrorCodes.BucketNotFound, ErrorCodes.InvalidCredentials);
        Map(job, "retry", "Queues a failed job again; it continues from its checkpoint.", static (client, id, token) => client.RetryJobAsync(id, token));
    }

    private static void Map(RouteGroupBuilder group, string name, string summary, JobCommand command) =>
        group.MapPost($"/{name}", async Task<Ok<JobStatus>> (TenantClient tenant, string job, CancellationToken cancellationToken) =>
                TypedResults.Ok(await command(tenant.Client, JobId.Parse(job), cancellationToken)))
            .Describe($"{name}Job", summary)
            .OfJob()
            .Fails(409, ErrorCodes.IllegalTransition);
}
