namespace Quiver.Tests.Conformance.Client;

/// <summary>The client over grains keeps the contract.</summary>
public sealed class GrainQuiverClientConformance(GrainClientFixture fixture) : QuiverClientConformance(fixture), IClassFixture<GrainClientFixture>;
