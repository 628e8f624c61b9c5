using System.Formats.Tar;

namespace Quiver.Adapters.Sources.Files;

/// <summary>Recognizes pipes, devices and sockets, which report a length of 0 as empty files do.</summary>
internal static class SpecialFile
{
    /// <summary>Whether a path without bytes leads to something other than a regular file. Reads nothing of it: opening a pipe could wait forever.</summary>
    /// <param name="path">A path without links.</param>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public static bool Is(string path)
    {
        // .NET shows the kind of a file in archives alone.
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            try
            {
                writer.WriteEntry(path, "entry");
            }
            catch (IOException exception) when (exception is not FileNotFoundException and not DirectoryNotFoundException)
            {
                // A socket has no entry in an archive.
                return true;
            }
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType is not TarEntryType.RegularFile;
    }
}
