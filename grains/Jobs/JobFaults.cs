using Microsoft.Extensions.Logging;
using Quiver.Core.Jobs;

namespace Quiver.Grains.Jobs;

/// <summary>What becomes of a job that cannot go on.</summary>
internal static class JobFaults
{
    /// <summary>Says how a job ends, and logs it: a store without room left pauses the job and is no failure of it.</summary>
    /// <param name="logger">Where to.</param>
    /// <param name="key">The job.</param>
    /// <param name="fault">What it cannot go on for.</param>
    public static JobOutcome Judge(ILogger logger, JobKey key, Exception fault)
    {
        var error = fault as QuiverException
            ?? new PermanentException(ErrorCodes.Internal, $"The job failed unexpectedly: {fault.GetType().Name}: {fault.Message}", fault);
        if (error.Code == ErrorCodes.StorageFull)
        {
            JobLog.Suspended(logger, key, error.Message, error.Code);
            return new(JobTrigger.Suspend, error.Code, error.Message);
        }

        JobLog.Failed(logger, fault, key, error.Message, error.Code);
        return new(JobTrigger.Fail, error.Code, error.Message);
    }
}
