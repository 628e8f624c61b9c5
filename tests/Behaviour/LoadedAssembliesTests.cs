using System.Text;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>What a command does not use, it does not load: each assembly delays its start.</summary>
public sealed class LoadedAssembliesTests : IDisposable
{
    private const string Loader = "Microsoft-Windows-DotNETRuntime:0x8:4";

    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("--version")]
    [InlineData("jobs", "list")]
    [InlineData("collections", "list")]
    public async Task Command_ThatAsksNoQdrantServer_LoadsNoGrpc(params string[] command)
    {
        var trace = _home.At("loaded.nettrace");

        await QuiverProcess.RunAsync(
            _home.Path,
            command,
            [
                new("DOTNET_EnableEventPipe", "1"),
                new("DOTNET_EventPipeConfig", Loader),
                new("DOTNET_EventPipeOutputPath", trace),
            ]);

        var loaded = await File.ReadAllBytesAsync(trace, TestContext.Current.CancellationToken);
        Assert.True(Names(loaded, "System.CommandLine"), "The trace names no assemblies.");
        Assert.All((string[])["Grpc.Net.Client", "Grpc.Core.Api", "Qdrant.Client", "Google.Protobuf"], name => Assert.False(Names(loaded, name), name));
    }

    private static bool Names(byte[] trace, string assembly) => trace.AsSpan().IndexOf(Encoding.Unicode.GetBytes(assembly)) >= 0;
}
