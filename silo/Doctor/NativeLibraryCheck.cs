using System.Runtime.InteropServices;
using Quiver.Cli.Doctor;

namespace Quiver.Silo.Doctor;

/// <summary>A native library is there and loads on this machine.</summary>
/// <param name="path">The library, absolute.</param>
internal sealed class NativeLibraryCheck(string path) : IDoctorCheck
{
    public string Name => "native library";

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken) => Task.FromResult(Look());

    private DoctorResult Look()
    {
        if (!File.Exists(path))
        {
            return DoctorResult.Fail($"{path} is missing.", "Build Quiver again on this machine with `dotnet build silo`.");
        }

        try
        {
            // It stays loaded: unloading a library that started threads may crash the process, which ends soon anyway.
            NativeLibrary.Load(path);
            return DoctorResult.Ok($"{path} loads.");
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            return DoctorResult.Fail(
                $"{path} does not load: {error.Message.ReplaceLineEndings(" ")}",
                $"The file does not fit this machine ({RuntimeInformation.RuntimeIdentifier}): build Quiver again here with `dotnet build silo`.");
        }
    }
}
