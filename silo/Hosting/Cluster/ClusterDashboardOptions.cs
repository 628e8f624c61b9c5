using System.ComponentModel.DataAnnotations;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>Orleans' own dashboard on the silo's web server: section <c>Quiver:Cluster:Dashboard</c>.</summary>
public sealed class ClusterDashboardOptions : IValidatableObject
{
    private const int LeastPassword = 8;

    /// <summary>Whether it is there; all silos must agree. It shows keys and state of grains, those of all tenants. Default: false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Where it is: a slash and letters, digits or dashes, and none of the API's own paths. Default: <c>/orleans</c>.</summary>
    [RegularExpression("/(?!v1$|health$|openapi$|artifacts$)[A-Za-z0-9-]{1,50}", ErrorMessage = "a slash and 1 to 50 letters, digits or dashes, and none of the API's own paths")]
    public string Path { get; set; } = "/orleans";

    /// <summary>What a browser must give, with any user name; at least 8 characters where the dashboard is enabled. Never logged. Default: empty.</summary>
    public string Password { get; set; } = "";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Enabled && Password.Length < LeastPassword)
        {
            yield return new ValidationResult($"Quiver:Cluster:Dashboard:Password has fewer than {LeastPassword} characters: set one, or leave the dashboard off.", [nameof(Password)]);
        }
    }
}
