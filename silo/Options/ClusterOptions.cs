using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Quiver.Silo.Options;

/// <summary>How a silo takes part in its cluster: section <c>Quiver:Cluster</c>.</summary>
public sealed class ClusterOptions : IValidatableObject
{
    /// <summary>The section.</summary>
    public const string Section = "Quiver:Cluster";

    /// <summary>Id of the cluster; silos with the same id find each other. 1 to 100 letters, digits or dashes. Default: <c>quiver</c>.</summary>
    [RegularExpression("[A-Za-z0-9-]{1,100}", ErrorMessage = "1 to 100 letters, digits or dashes")]
    public string ClusterId { get; set; } = "quiver";

    /// <summary>
    /// Id of the owner of the stored state. Never change it, even when the cluster gets a new <see cref="ClusterId"/>. 1 to 100 letters, digits or
    /// dashes. Default: <c>quiver</c>.
    /// </summary>
    [RegularExpression("[A-Za-z0-9-]{1,100}", ErrorMessage = "1 to 100 letters, digits or dashes")]
    public string ServiceId { get; set; } = "quiver";

    /// <summary>Name of the silo in logs and on dashboards, at most 100 characters; empty for the machine's name and the port. Default: empty.</summary>
    [StringLength(100)]
    public string SiloName { get; set; } = "";

    /// <summary>
    /// IP address on which the silo listens and at which other silos and clients reach it; empty for the first IPv4 address of the machine that is
    /// not loopback. Default: empty.
    /// </summary>
    public string Address { get; set; } = "";

    /// <summary>Port for other silos, 1 to 65,535. Default: 11111.</summary>
    [Range(1, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>Port for .NET clients, 1 to 65,535, different from <see cref="SiloPort"/>. Default: 30000.</summary>
    [Range(1, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>Interval and timeout of the probes between silos, 200 ms to 1 min. Default: 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:01:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Number of consecutive missed probes after which a silo is suspected, 1 to 20. Default: 3.</summary>
    [Range(1, 20)]
    public int MissedProbes { get; set; } = 3;

    /// <summary>Number of silos that must suspect another one before it is declared dead, 1 to 10; fewer in smaller clusters. Default: 1.</summary>
    [Range(1, 10)]
    public int DeathVotes { get; set; } = 1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address.Length > 0 && !IPAddress.TryParse(Address, out _))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Address)} is '{Address}': set it to an IP address of this machine, such as 10.0.0.5.", [nameof(Address)]);
        }

        if (SiloPort == GatewayPort)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(SiloPort)} and {nameof(GatewayPort)} are both {SiloPort}: set one of them to another port.", [nameof(GatewayPort)]);
        }
    }
}
