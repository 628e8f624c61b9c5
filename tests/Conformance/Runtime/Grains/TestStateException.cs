using Orleans;

namespace Quiver.Tests.Conformance.Runtime.Grains;

[GenerateSerializer, Alias("quiver.tests.exception")]
internal sealed class TestStateException(string message, int number) : Exception(message)
{
    [Id(0)]
    public int Number { get; } = number;
}
