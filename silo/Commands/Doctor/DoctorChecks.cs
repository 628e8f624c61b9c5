using Quiver.Client.Cli.Doctor;

namespace Quiver.Silo.Commands.Doctor;

/// <summary>The checks of <c>quiver doctor</c>.</summary>
internal static class DoctorChecks
{
    /// <summary>Data directory, disk space and memory.</summary>
    /// <param name="directory">The data directory, absolute.</param>
    /// <param name="holder">Says who holds the directory; null when nobody does.</param>
    public static IReadOnlyList<IDoctorCheck> OfMachine(string directory, Func<string, CancellationToken, Task<string?>> holder) =>
    [
        new DataDirectoryCheck(directory, holder),
        new DiskSpaceCheck(directory, DiskSpaceCheck.OfDrive),
        new MemoryCheck(MemoryCheck.OfMachine),
    ];

    /// <summary>The model's files and the library that runs it.</summary>
    /// <param name="modelDirectory">The model's folder, absolute.</param>
    /// <param name="programDirectory">Where the executable is.</param>
    public static IReadOnlyList<IDoctorCheck> OfModel(string modelDirectory, string programDirectory) =>
    [
        new ModelFilesCheck(modelDirectory, ["model.json", "model.onnx", "vocab.json"], Environment.GetEnvironmentVariable("PATH")),
        new NativeLibraryCheck(Path.Combine(programDirectory, NativeLibraryFile)),
    ];

    private static string NativeLibraryFile =>
        OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";
}
