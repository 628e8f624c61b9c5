namespace Quiver.Tests.Conformance.Client;

/// <summary>The client over HTTP keeps the contract, also over connections that break.</summary>
public sealed class HttpQuiverClientConformance(SingleHttpClientFixture fixture) : QuiverClientConformance(fixture), IClassFixture<SingleHttpClientFixture>;
