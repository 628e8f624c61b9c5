using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Settings;
using Quiver.Silo.Serving;

namespace Quiver.Silo.Hosting;

/// <summary>Orleans' own dashboard on the server: section <c>Quiver:OrleansDashboard</c>.</summary>
public sealed class OrleansDashboardOptions : IValidatableObject
{
    /// <summary>The section.</summary>
    public const string Section = "Quiver:OrleansDashboard";

    private const int LeastPassword = 8;

    /// <summary>Whether it is there; all silos of a cluster must agree. It shows keys and state of grains, those of all tenants. Default: false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Where it is: a slash and letters, digits or dashes, and none of the API's own paths. Default: <c>/orleans</c>.</summary>
    [RegularExpression("/(?!(?i:v1|health|openapi|artifacts)$)[A-Za-z0-9-]{1,50}", ErrorMessage = "a slash and 1 to 50 letters, digits or dashes, and none of the API's own paths")]
    public string Path { get; set; } = "/orleans";

    /// <summary>
    /// The password that a browser must send, with any user name: at least 8 characters, required where the server can be reached from other
    /// machines. Never logged. Default: empty, which asks for none.
    /// </summary>
    public string Password { get; set; } = "";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Password.Length is > 0 and < LeastPassword)
        {
            yield return new ValidationResult($"{Section}:{nameof(Password)} has fewer than {LeastPassword} characters: set a longer one.", [nameof(Password)]);
        }
    }
}

/// <summary>The attributes of <see cref="OrleansDashboardOptions"/>; generated, so that starting reflects on nothing.</summary>
[OptionsValidator]
internal sealed partial class OrleansDashboardOptionsRules : IValidateOptions<OrleansDashboardOptions>;

/// <summary>Checks <see cref="OrleansDashboardOptions"/>, and that no other machine sees the dashboard without a password.</summary>
/// <param name="server">Where the server listens, if there is one.</param>
internal sealed class OrleansDashboardOptionsValidator(IOptions<ServerOptions> server) : IValidateOptions<OrleansDashboardOptions>
{
    private readonly OrleansDashboardOptionsRules _rules = new();

    public ValidateOptionsResult Validate(string? name, OrleansDashboardOptions options)
    {
        if (options.Enabled && options.Password.Length == 0 && server.Value.EffectiveUrls.Any(static url => !ListenAddress.IsLoopback(url)))
        {
            return ValidateOptionsResult.Fail(
                $"{OrleansDashboardOptions.Section}:{nameof(options.Password)} is missing: the server can be reached from other machines, and the dashboard shows the state of all tenants; set a password, or {nameof(options.Enabled)} to false.");
        }

        return SettingFaults.Describe(_rules.Validate(name, options), OrleansDashboardOptions.Section, options);
    }
}
