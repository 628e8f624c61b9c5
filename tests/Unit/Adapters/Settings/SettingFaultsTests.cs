using Microsoft.Extensions.Options;
using Quiver.Adapters.Settings;
using Quiver.Adapters.Sources.Postgres;
using Quiver.Core.Collections;
using Quiver.Core.Jobs;
using Quiver.Silo.Options;

namespace Quiver.Tests.Unit.Adapters.Settings;

/// <summary>Values that attributes refuse are reported like those that our own validators refuse.</summary>
public sealed class SettingFaultsTests
{
    [Fact]
    public void Jobs_OutOfRange_AreReportedWithNameValueAndRange() =>
        Assert.Equal(
            [
                "Quiver:Jobs:MaxInFlight is '300': set it to a number from 1 to 64.",
                "Quiver:Jobs:MaxFailureRatio is '1.5': set it to a number from 0 to 1.",
                "Quiver:Jobs:OutageLimit is '00:00:00': set it to a time from 00:00:01 to 7.00:00:00.",
            ],
            new SectionValidator<JobOptions>("Quiver:Jobs").Validate(null, new() { OutageLimit = TimeSpan.Zero, MaxFailureRatio = 1.5, MaxInFlight = 300 }).Failures);

    [Fact]
    public void Others_OutOfRange_AreReportedAlike()
    {
        Assert.Equal(
            ["Quiver:Collections:MaxDedicatedPerTenant is '-1': set it to a number from 0 to 1000."],
            new SectionValidator<CollectionOptions>("Quiver:Collections").Validate(null, new() { MaxDedicatedPerTenant = -1 }).Failures);
        Assert.Equal(["Quiver:Postgres:PageRows is '0': set it to a number from 1 to 10000."], new PostgresOptionsValidator().Validate(null, new() { PageRows = 0 }).Failures);
    }

    [Fact]
    public void Defaults_AreValid() =>
        Assert.All([new SectionValidator<JobOptions>("Quiver:Jobs").Validate(null, new()), new SectionValidator<CollectionOptions>("Quiver:Collections").Validate(null, new()), new PostgresOptionsValidator().Validate(null, new())], static result => Assert.True(result.Succeeded));

    [Fact]
    public void Texts_OfTheClusterAndItsDashboard_AreReportedWithTheExpectedValue()
    {
        var options = new ClusterOptions { ClusterId = "a b", SiloName = new('x', 101), SiloPort = 30_000 };
        var dashboard = new OrleansDashboardOptions { Path = "orleans", Enabled = true, Password = "short" };

        Assert.Equal(
            [
                "Quiver:Cluster:ClusterId is 'a b': set it to 1 to 100 letters, digits or dashes.",
                $"Quiver:Cluster:SiloName is '{options.SiloName}': set it to at most 100 characters.",
                "Quiver:Cluster:SiloPort and GatewayPort are both 30000: set one of them to another port.",
            ],
            SettingFaults.Describe(ValidateOptionsResult.Fail("found"), ClusterOptions.Section, options).Failures);
        Assert.Equal(
            [
                "Quiver:OrleansDashboard:Path is 'orleans': set it to a slash and 1 to 50 letters, digits or dashes, not a path of the API.",
                "Quiver:OrleansDashboard:Password has fewer than 8 characters: set a longer one.",
            ],
            SettingFaults.Describe(ValidateOptionsResult.Fail("found"), OrleansDashboardOptions.Section, dashboard).Failures);
    }
}
