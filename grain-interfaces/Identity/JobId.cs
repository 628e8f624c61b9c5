using System.Text.Json.Serialization;

namespace Quiver.GrainInterfaces.Identity;

/// <summary>Names a job within its tenant.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-id.v1")]
[JsonConverter(typeof(NameJsonConverter<JobId>))]
public readonly record struct JobId : IName<JobId>
{
    private JobId(string value) => Value = value;

    /// <summary>The name; empty only for <c>default</c>.</summary>
    [Id(0)]
    public string Value { get => field ?? ""; private init; }

    /// <summary>Parses a name.</summary>
    /// <param name="value">1 to 64 characters, see <see cref="NameRules"/>.</param>
    /// <exception cref="Errors.InvalidRequestException">With code <c>invalid_job</c>.</exception>
    public static JobId Parse(string? value) => new(NameRules.Require(value, "job"));

    /// <inheritdoc/>
    public override string ToString() => Value;
}
