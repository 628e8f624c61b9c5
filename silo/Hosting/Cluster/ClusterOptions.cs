using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>How a silo takes part in its cluster: section <c>Quiver:Cluster</c>.</summary>
public sealed class ClusterOptions : IValidatableObject
{
    /// <summary>The section.</summary>
    public const string Section = "Quiver:Cluster";

    /// <summary>The cluster; silos of one id find each other. Letters, digits, dashes, 1 to 100. Default: <c>quiver</c>.</summary>
    [RegularExpression("[A-Za-z0-9-]{1,100}", ErrorMessage = "1 to 100 letters, digits or dashes")]
    public string ClusterId { get; set; } = "quiver";

    /// <summary>Whose state it is: stays the same for ever, also when the cluster is set up anew under another id. Letters, digits, dashes, 1 to 100. Default: <c>quiver</c>.</summary>
    [RegularExpression("[A-Za-z0-9-]{1,100}", ErrorMessage = "1 to 100 letters, digits or dashes")]
    public string ServiceId { get; set; } = "quiver";

    /// <summary>The silo's name in logs and on dashboards, at most 100 characters; empty for the machine's name and the port. Default: empty.</summary>
    [StringLength(100)]
    public string SiloName { get; set; } = "";

    /// <summary>The IP address at which the other silos and clients reach this one, and on which it listens; empty for the machine's first that is not loopback. Default: empty.</summary>
    public string Address { get; set; } = "";

    /// <summary>The port for other silos, 1 to 65,535. Default: 11111.</summary>
    [Range(1, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The port for .NET clients, 1 to 65,535, another than <see cref="SiloPort"/>. Default: 30000.</summary>
    [Range(1, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>How often silos probe each other, and how long a probe may take, 200 ms to 1 min. Default: 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:01:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Probes in a row that a silo must miss before it is suspected, 1 to 20. Default: 3.</summary>
    [Range(1, 20)]
    public int MissedProbes { get; set; } = 3;

    /// <summary>Silos that must suspect another before it is declared dead, 1 to 10; fewer when there are fewer. Default: 1.</summary>
    [Range(1, 10)]
    public int DeathVotes { get; set; } = 1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address.Length > 0 && !IPAddress.TryParse(Address, out _))
        {
            yield return new ValidationResult($"{Section}:{nameof(Address)} is '{Address}': set it to an IP address of this machine, such as 10.0.0.5.", [nameof(Address)]);
        }

        if (SiloPort == GatewayPort)
        {
            yield return new ValidationResult($"{Section}:{nameof(SiloPort)} and {nameof(GatewayPort)} are both {SiloPort}: set one of them to another port.", [nameof(GatewayPort)]);
        }
    }
}
