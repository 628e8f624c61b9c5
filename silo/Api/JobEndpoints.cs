using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Quiver.Client.Http;
using Quiver.Client.Json;
using Quiver.Client.Requests;
using Quiver.Silo.Api.OpenApi;
using Quiver.Silo.Api.Requests;

namespace Quiver.Silo.Api;

/// <summary>Submitting and reading jobs.</summary>
internal static class JobEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var jobs = v1.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapPost("", SubmitAsync)
            .Describe("submitJob", "Submits a job; it is durable when the answer comes. A repeated idempotency token answers with the first job.")
            .Reads<JobRequest>()
            .Fails(400, RequestErrorCodes.InvalidCollection, ErrorCodes.InvalidOption, ErrorCodes.PathNotFound, ErrorCodes.PathNotAllowed, ErrorCodes.SourceDenied, ErrorCodes.BucketNotFound, ErrorCodes.AccessDenied)
            .Fails(500, ErrorCodes.InvalidCredentials)
            .Fails(503, ErrorCodes.SourceUnavailable)
            .Fails(409, ErrorCodes.QueueFull, ErrorCodes.DimensionMismatch, ErrorCodes.ModelMismatch);
        jobs.MapGet("", ListAsync)
            .Describe("listJobs", "A page of jobs, newest first, as last persisted.")
            .Fails(400, ErrorCodes.InvalidOption, RequestErrorCodes.InvalidCollection);
        jobs.MapGet("/{job}", GetAsync).Describe("getJob", "A job as it stands.").OfJob();
        jobs.MapGet("/{job}/report", ReportAsync).Describe("getJobReport", "A job's final report, or what there is of it so far.").OfJob();
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
