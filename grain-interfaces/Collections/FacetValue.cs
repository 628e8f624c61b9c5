namespace Quiver.GrainInterfaces.Collections;

/// <summary>A value of a field and how many points have it.</summary>
/// <param name="Value">The value; a number in decimal digits, a truth value as <c>true</c> or <c>false</c>.</param>
/// <param name="Points">Points that have it, 1 or more.</param>
[GenerateSerializer, Immutable, Alias("quiver.facet-value.v1")]
public sealed record FacetValue([property: Id(0)] string Value, [property: Id(1)] long Points);
