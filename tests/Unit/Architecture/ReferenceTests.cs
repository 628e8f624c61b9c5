using System.Reflection;

namespace Quiver.Tests.Unit.Architecture;

public sealed class ReferenceTests
{
    /// <summary>What pure logic may stand on. Anything else, and I/O above all, belongs into an adapter.</summary>
    private static readonly string[] PureLogic =
    [
        "Quiver.GrainInterfaces",
        "Orleans.Core.Abstractions",
        "Orleans.Core",
        "Orleans.Serialization",
        "Orleans.Serialization.Abstractions",
        "Microsoft.Extensions.AI.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options",
        "Microsoft.Extensions.DependencyInjection.Abstractions",
        "System.Collections",
        "System.Collections.Concurrent",
        "System.Collections.Immutable",
        "System.ComponentModel.Annotations",
        "System.Diagnostics.DiagnosticSource",
        "System.Linq",
        "System.Memory",
        "System.Memory.Data",
        "System.Numerics.Tensors",
        "System.Runtime",
        "System.Runtime.InteropServices",
        "System.Runtime.Extensions",
        "System.Security.Cryptography",
        "System.Text.Encoding.Extensions",
        "System.Text.Encodings.Web",
        "System.Text.Json",
        "System.Text.RegularExpressions",
        "System.Threading",
        "System.Threading.Channels",
        "System.ComponentModel",
        "netstandard",
    ];

    private static readonly string[] Grains = [.. PureLogic, "Quiver.Core", "Orleans.Reminders", "Orleans.Reminders.Abstractions", "Orleans.Runtime", "Orleans.Streaming", "Orleans.Streaming.Abstractions"];

    [Fact]
    public void Core_References_AreOnTheList() => Assert.Empty(References("Quiver.Core").Except(PureLogic));

    [Fact]
    public void Grains_References_AreOnTheList() => Assert.Empty(References("Quiver.Grains").Except(Grains));

    [Fact]
    public void GrainInterfaces_References_AreTheRuntimesOnly() =>
        Assert.Empty(References("Quiver.GrainInterfaces").Except(PureLogic));

    [Theory]
    [InlineData("Quiver.Core", "Quiver.Grains")]
    [InlineData("Quiver.Adapters", "Quiver.Grains")]
    [InlineData("Quiver.Adapters", "Quiver.Silo")]
    [InlineData("Quiver.Client", "Quiver.Core")]
    [InlineData("Quiver.Client", "Quiver.Grains")]
    public void Reference_Outward_IsAbsent(string inner, string outer) => Assert.DoesNotContain(outer, References(inner));

    private static IReadOnlyList<string> References(string assembly) =>
        [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!)];
}
