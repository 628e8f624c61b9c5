using System.Text.Json.Serialization;

namespace Quiver.GrainInterfaces.Identity;

/// <summary>A tenant's named set of points.</summary>
[GenerateSerializer, Immutable, Alias("quiver.collection-name.v1")]
[JsonConverter(typeof(NameJsonConverter<CollectionName>))]
public readonly record struct CollectionName : IName<CollectionName>
{
    private CollectionName(string value) => Value = value;

    /// <summary>The name; empty only for <c>default</c>.</summary>
    [Id(0)]
    public string Value { get => field ?? ""; private init; }

    /// <summary>Parses a name.</summary>
    /// <param name="value">1 to 64 characters, see <see cref="NameRules"/>.</param>
    /// <exception cref="Errors.InvalidRequestException">With code <c>invalid_collection</c>.</exception>
    public static CollectionName Parse(string? value) => new(NameRules.Require(value, "collection"));

    /// <inheritdoc/>
    public override string ToString() => Value;
}
