namespace Quiver.Tests.Conformance.Runtime.Grains;

internal enum TestColor
{
    None = 0,
    Red = 1,
}
