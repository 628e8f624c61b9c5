
using Quiver.Cli.Doctor;

namespace Quiver.Cli.Json;

/// <summary>What one check found.</summary>
internal sealed record DoctorCheckDocument(string Name, DoctorStatus Status, string Message, string? Remedy);
