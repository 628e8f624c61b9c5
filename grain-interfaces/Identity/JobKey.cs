namespace Quiver.GrainInterfaces.Identity;

/// <summary>A job's grain key: <c>tenant/job</c>.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Job">The job.</param>
[GenerateSerializer, Immutable, Alias("quiver.job-key.v1")]
public readonly record struct JobKey([property: Id(0)] TenantId Tenant, [property: Id(1)] JobId Job)
{
    /// <summary>Parses a grain key.</summary>
    /// <param name="key"><c>tenant/job</c>.</param>
    /// <exception cref="Errors.InvalidRequestException">The key has no single separator, or a part is no name.</exception>
    public static JobKey Parse(string key)
    {
        var (tenant, job) = GrainKeySyntax.Split(key);
        return new(TenantId.Parse(tenant), JobId.Parse(job));
    }

    /// <summary>The grain key.</summary>
    public override string ToString() => GrainKeySyntax.Join(Tenant.Value, Job.Value);
}
