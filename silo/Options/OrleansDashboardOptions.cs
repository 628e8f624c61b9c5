using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Quiver.Silo.Options;

/// <summary>The dashboard of Orleans on the server: section <c>Quiver:OrleansDashboard</c>.</summary>
public sealed class OrleansDashboardOptions : IValidatableObject
{
    /// <summary>The section.</summary>
    public const string Section = "Quiver:OrleansDashboard";

    private const int MinPasswordLength = 8;

    /// <summary>
    /// Whether the server has the dashboard; must be the same on all silos of a cluster. It shows grain keys and state of all tenants. Default: false.
    /// </summary>
    public bool Enabled { get; set; }

    /// <summary>Path of the dashboard: a slash and 1 to 50 letters, digits or dashes, not a path of the API. Default: <c>/orleans</c>.</summary>
    [RegularExpression(
        "/(?!(?i:v1|health|openapi|artifacts)$)[A-Za-z0-9-]{1,50}", ErrorMessage = "a slash and 1 to 50 letters, digits or dashes, not a path of the API")]
    public string Path { get; set; } = "/orleans";

    /// <summary>
    /// Password that a browser must send, with any user name: at least 8 characters. Required when other machines can reach the server. Never
    /// logged. Default: empty, which means no password.
    /// </summary>
    public string Password { get; set; } = "";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Password.Length is > 0 and < MinPasswordLength)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Password)} has fewer than {MinPasswordLength} characters: set a longer one.", [nameof(Password)]);
        }
    }
}

/// <summary>Requires a password where other machines can reach the dashboard.</summary>
internal sealed class OrleansDashboardPasswordValidator(IOptions<ServerOptions> server) : IValidateOptions<OrleansDashboardOptions>
{
    public ValidateOptionsResult Validate(string? name, OrleansDashboardOptions options) =>
        options.Enabled && options.Password.Length == 0 && server.Value.EffectiveUrls.Any(static url => !ListenAddress.IsLoopback(url))
            ? ValidateOptionsResult.Fail(
                $"{OrleansDashboardOptions.Section}:{nameof(options.Password)} is missing: other machines can reach the server, and the dashboard shows the "
                + $"state of all tenants. Set a password, or set {nameof(options.Enabled)} to false.")
            : ValidateOptionsResult.Success;
}
