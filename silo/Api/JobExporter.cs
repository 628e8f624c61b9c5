using System.Text.Json;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Artifacts;
using Quiver.Client;
using Quiver.Client.Json;
using Quiver.Client.Requests;
using Quiver.Core.Artifacts;

namespace Quiver.Silo.Api;

/// <summary>Writes reports and failed documents as artifacts, with one page in memory at a time.</summary>
internal sealed class JobExporter(IArtifactStore store, IOptions<ArtifactOptions> options, TimeProvider time) : IJobExporter
{
    private const int PageSize = 500;

    public async Task<JobExport> ExportAsync(IQuiverClient client, JobId job, CancellationToken cancellationToken = default)
    {
        var key = new JobKey(client.Tenant, job);
        var report = await client.GetReportAsync(job, cancellationToken);
        var failures = 0L;
        await store.PutAsync(
            ArtifactName.OfJob(key, "report.json"),
            (stream, token) => JsonSerializer.SerializeAsync(stream, report, QuiverJsonContext.Shared.JobReport, token),
            cancellationToken);
        await store.PutAsync(
            ArtifactName.OfJob(key, "failures.jsonl"),
            async (stream, token) => failures = await WriteFailuresAsync(stream, client, job, token),
            cancellationToken);
        return new(job, failures, await LinksAsync(key, cancellationToken));
    }

    private static async Task<long> WriteFailuresAsync(Stream stream, IQuiverClient client, JobId job, CancellationToken cancellationToken)
    {
        var count = 0L;
        string? after = null;
        do
        {
            var page = await client.ListFailuresAsync(job, after, PageSize, cancellationToken);
            foreach (var failure in page.Items)
            {
                await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(failure, QuiverJsonContext.Shared.FailedDocument), cancellationToken);
                stream.Write("\n"u8);
            }

            count += page.Items.Length;
            after = page.Next;
        }
        while (after is not null);
        return count;
    }

    private async Task<ImmutableArray<ArtifactLink>> LinksAsync(JobKey job, CancellationToken cancellationToken)
    {
        var folder = ArtifactName.FolderOf(job);
        var page = await store.ListAsync(folder, null, IArtifactStore.MaxPage, cancellationToken);
        var expires = time.GetUtcNow() + options.Value.LinkLifetime;
        var links = ImmutableArray.CreateBuilder<ArtifactLink>(page.Items.Length);
        foreach (var item in page.Items)
        {
            links.Add(new()
            {
                Name = item.Name.Value[folder.Length..],
                Bytes = item.Bytes,
                ContentType = item.Name.ContentType,
                Link = await store.LinkAsync(item.Name, expires, cancellationToken),
                ExpiresAt = expires,
                Location = store.Locate(item.Name),
            });
        }

        return links.ToImmutable();
    }
}
