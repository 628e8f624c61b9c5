using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Quiver.Client;
using Quiver.Client.Http;
using Quiver.Client.Json;
using Quiver.Client.Requests;
using Quiver.Silo.Api.OpenApi;
using Quiver.Silo.Api.Requests;

namespace Quiver.Silo.Api;

/// <summary>Endpoints that submit and read jobs.</summary>
internal static class JobEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var jobs = v1.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapPost("", SubmitAsync)
            .Describe("submitJob", "Submits a job, which is durable when the response arrives. A repeated idempotency token returns the first job when the request is the same.")
            .Reads<JobRequest>()
            .Writes()
            .Fails(
                400, RequestErrorCodes.InvalidCollection, ErrorCodes.InvalidOption, ErrorCodes.PathNotFound, ErrorCodes.PathNotAllowed, ErrorCodes.SourceDenied,
                ErrorCodes.BucketNotFound, ErrorCodes.AccessDenied)
            .Fails(409, ErrorCodes.QueueFull, ErrorCodes.DimensionMismatch, ErrorCodes.ModelMismatch, ErrorCodes.SettingsConflict)
            .Fails(422, ErrorCodes.IdempotencyTokenReused)
            .Fails(500, ErrorCodes.InvalidCredentials, ErrorCodes.ModelUnavailable)
            .Fails(503, ErrorCodes.SourceUnavailable);
        jobs.MapGet("", ListAsync)
            .Describe("listJobs", "A page of jobs, newest first, as last persisted.")
            .Fails(400, ErrorCodes.InvalidOption, RequestErrorCodes.InvalidCollection);
        jobs.MapGet("/{job}", GetAsync).Describe("getJob", "The current status of a job.").OfJob();
        jobs.MapGet("/{job}/report", ReportAsync).Describe("getJobReport", "A job's report: final, or preliminary while the job is not finished.").OfJob();
        jobs.MapGet("/{job}/failures", FailuresAsync)
            .Describe("listJobFailures", "A page of a job's failed documents by ordinal.")
            .OfJob()
            .Fails(400, ErrorCodes.InvalidOption);
    }

    private static async Task<Created<JobStatus>> SubmitAsync(
        TenantClient tenant, HttpRequest request, [FromHeader(Name = QuiverHeaders.IdempotencyKey)] string? idempotencyKey, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadJobAsync(request, cancellationToken);
        if (idempotencyKey is not null && body.IdempotencyToken is not null && idempotencyKey != body.IdempotencyToken)
        {
            throw new InvalidRequestException(
                RequestErrorCodes.InvalidRequest, $"The header {QuiverHeaders.IdempotencyKey} and the member 'idempotencyToken' differ; send one of them.");
        }

        var spec = (body with { IdempotencyToken = body.IdempotencyToken ?? idempotencyKey }).ToSpec(tenant.Client.Tenant);
        var status = await tenant.Client.SubmitAsync(spec, cancellationToken);
        return TypedResults.Created($"/v1/jobs/{status.Id}", status);
    }

    private static async Task<Ok<Page<JobStatus>>> ListAsync(
        TenantClient tenant, string? state, string? collection, string? limit, string? after, CancellationToken cancellationToken)
    {
        var request = new JobListRequest
        {
            State = state is null ? null : EnumNames<JobState>.Parse(state, "state"),
            Collection = collection is null ? null : CollectionName.Parse(collection),
            Limit = QueryValues.Limit(limit, 50),
            After = after,
        };
        return TypedResults.Ok(await tenant.Client.ListJobsAsync(request, cancellationToken));
    }

    private static async Task<Ok<JobStatus>> GetAsync(TenantClient tenant, string job, CancellationToken cancellationToken) =>
        TypedResults.Ok(await tenant.Client.GetJobAsync(JobId.Parse(job), cancellationToken));

    private static async Task<Ok<JobReport>> ReportAsync(TenantClient tenant, string job, CancellationToken cancellationToken) =>
        TypedResults.Ok(await tenant.Client.GetReportAsync(JobId.Parse(job), cancellationToken));

    private static async Task<Ok<Page<FailedDocument>>> FailuresAsync(
        TenantClient tenant, string job, string? after, string? limit, CancellationToken cancellationToken) =>
        TypedResults.Ok(await tenant.Client.ListFailuresAsync(JobId.Parse(job), after, QueryValues.Limit(limit, 100), cancellationToken));
}

/// <summary>Endpoints of commands to jobs.</summary>
internal static class JobCommandEndpoints
{
    private delegate Task<JobStatus> JobCommand(IQuiverClient client, JobId job, CancellationToken cancellationToken);

    public static void Map(RouteGroupBuilder v1)
    {
        var job = v1.MapGroup("/jobs/{job}").WithTags("Jobs");
        Map(job, "pause", "Pauses a running job: batches in flight are committed, no new ones start.",
            static (client, id, token) => client.PauseJobAsync(id, token));
        Map(job, "resume", "Resumes a paused or interrupted job.", static (client, id, token) => client.ResumeJobAsync(id, token));
        Map(job, "cancel", "Cancels a job permanently; stored documents stay.", static (client, id, token) => client.CancelJobAsync(id, token));
        job.MapPost("/export", static async Task<Ok<JobExport>> (TenantClient tenant, string job, CancellationToken cancellationToken) =>
                TypedResults.Ok(await tenant.Client.ExportJobAsync(JobId.Parse(job), cancellationToken)))
            .Describe("exportJob", "Writes the job's report and failed documents as artifacts, and returns links to all of its artifacts.")
            .OfJob()
            .Writes()
            .Fails(500, ErrorCodes.AccessDenied, ErrorCodes.BucketNotFound, ErrorCodes.InvalidCredentials);
        Map(job, "retry", "Queues a failed job again; it continues from its checkpoint.", static (client, id, token) => client.RetryJobAsync(id, token));
    }

    private static void Map(RouteGroupBuilder group, string name, string summary, JobCommand command) =>
        group.MapPost($"/{name}", async Task<Ok<JobStatus>> (TenantClient tenant, string job, CancellationToken cancellationToken) =>
                TypedResults.Ok(await command(tenant.Client, JobId.Parse(job), cancellationToken)))
            .Describe($"{name}Job", summary)
            .OfJob()
            .Writes()
            .Fails(409, ErrorCodes.IllegalTransition);
}
