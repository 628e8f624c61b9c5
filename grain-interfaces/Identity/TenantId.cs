using System.Text.Json.Serialization;

namespace Quiver.GrainInterfaces.Identity;

/// <summary>Who owns jobs, collections and points.</summary>
[GenerateSerializer, Immutable, Alias("quiver.tenant-id.v1")]
[JsonConverter(typeof(NameJsonConverter<TenantId>))]
public readonly record struct TenantId : IName<TenantId>
{
    private TenantId(string value) => Value = value;

    /// <summary>The name; empty only for <c>default</c>.</summary>
    [Id(0)]
    public string Value { get => field ?? ""; private init; }

    /// <summary>Parses a name.</summary>
    /// <param name="value">1 to 64 characters, see <see cref="NameRules"/>.</param>
    /// <exception cref="Errors.InvalidRequestException">With code <c>invalid_tenant</c>.</exception>
    public static TenantId Parse(string? value) => new(NameRules.Require(value, "tenant"));

    /// <inheritdoc/>
    public override string ToString() => Value;
}
