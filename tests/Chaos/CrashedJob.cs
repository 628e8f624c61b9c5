using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quiver.Core.Ledger;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Hosting;
using Quiver.Silo.Options;

namespace Quiver.Tests.Chaos;

/// <summary>The state of a job after its process died, read while no other process runs it.</summary>
/// <param name="Status">The job as the next process will find it.</param>
/// <param name="Unfinished">Documents that were being embedded or stored: the only ones that the next process may embed again.</param>
/// <param name="Ahead">Documents stored behind the checkpoint: read again, but not embedded again.</param>
internal sealed record CrashedJob(JobStatus Status, IReadOnlyList<DocumentRecord> Unfinished, IReadOnlyList<DocumentRecord> Ahead)
{
    private const int PageSize = 1000;

    public static async Task<CrashedJob> ReadAsync(string data, JobId job)
    {
        var token = TestContext.Current.CancellationToken;
        var held = await DataDirectoryLock.AcquireAsync(data, "test", TimeProvider.System, token);
        await using var silo = await InProcessSilo.StartAsync(held, QuiverSettings.Load(data), runsJobs: false, LogLevel.Critical, token);
        var status = await silo.Clients.Create(TenantId.Parse("default")).GetJobAsync(job, token);
        var ledger = silo.Services.GetRequiredService<ILedger>();
        var scope = new CollectionKey(status.Spec.Tenant, status.Spec.Collection);
        List<DocumentRecord> begun = [];
        IReadOnlyList<DocumentRecord> page = [];
        do
        {
            page = await ledger.ListAsync(scope, page.Count == 0 ? null : page[^1].Id, PageSize, token);
            begun.AddRange(page.Where(record => record.Generation == status.Generation));
        }
        while (page.Count == PageSize);

        return new(
            status,
            [.. begun.Where(static record => record.ContentHash is null)],
            [.. begun.Where(record => record.ContentHash is not null && ChaosDocuments.NumberOf(record.Id) > status.LastCommittedIndex)]);
    }
}
