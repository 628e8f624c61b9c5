using Orleans;

namespace Quiver.Tests.Conformance.Runtime.Grains;

[GenerateSerializer, Alias("quiver.tests.state")]
internal sealed class TestState
{
    [Id(0)]
    public int Number { get; set; }

    [Id(1)]
    public List<string> Names { get; set; } = ["ctor"];

    [Id(2)]
    public TestColor Color { get; set; }
}
