using Quiver.Core.Jobs;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

/// <summary>Bounds of a job that several silos work on.</summary>
public sealed class PumpSettingsTests
{
    [Fact]
    public void BatchesAtARemoteModel_OverAllSilos_AreNeverMoreThanTheJobMay()
    {
        foreach (var most in Enumerable.Range(1, 64))
        {
            foreach (var silos in Enumerable.Range(1, 12))
            {
                var settings = PumpSettings.For(JobSamples.Spec() with { MaxInFlight = most }, new JobOptions(), remoteModel: true, silos);

                Assert.InRange(Math.Min(settings.MaxConcurrent, silos * PumpSettings.ShareOf(most, silos)), 1, most);
            }
        }
    }
}
