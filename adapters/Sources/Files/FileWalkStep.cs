
using Quiver.Core.Formats;

namespace Quiver.Adapters.Sources.Files;

/// <summary>A name that a walk came to.</summary>
internal readonly struct FileWalkStep(FileRoot root, FolderFrame frame, FolderFrame.Entry name)
{
    public FolderFrame.Entry Name { get; } = name;

    /// <summary>The path below the root with forward slashes.</summary>
    public string RelativePath { get; } = frame.RelativePath.Length == 0 ? name.Name : $"{frame.RelativePath}/{name.Name}";

    /// <summary>Where it lies, links below the root not resolved.</summary>
    public string Path { get; } = System.IO.Path.Join(frame.Path, name.Name);

    /// <summary>
    /// The folder to enter, or what is wrong with a link; neither for a file and for a link that leads back or nowhere new. A path goes through
    /// one link to a folder at most: what lies behind a second one is inside the root anyway and is read at its own place. A link that may lead
    /// to a folder hides what lies in it, unless nothing lies behind it.
    /// </summary>
    public (FolderVisit? Visit, RecordFault? Fault) Follow(bool behindResume)
    {
        if (!Name.IsLink)
        {
            return (Name.IsFolder ? Enter(System.IO.Path.Join(frame.RealPath, Name.Name), frame.ThroughLink, behindResume) : null, null);
        }

        string target;
        try
        {
            target = RealPath.Resolve(System.IO.Path.Join(frame.RealPath, Name.Name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, new RecordFault(ErrorCodes.UnreadableFile, $"The link cannot be followed: {e.Message}", HidesOthers: true));
        }

        if (!RealPath.IsWithin(target, root.RealPath))
        {
            return (null, new RecordFault(ErrorCodes.PathNotAllowed, "The link leads out of the folder that was named and is not followed.", Name.IsFolder));
        }

        if (!System.IO.Path.Exists(target))
        {
            return (null, new RecordFault(ErrorCodes.UnreadableFile, "The link leads to nothing."));
        }

        if (!Name.IsFolder || frame.ThroughLink || RealPath.IsWithin(frame.RealPath, target) || IsGit(target))
        {
            return (null, null);
        }

        return (Enter(target, throughLink: true, behindResume), null);
    }

    private FolderVisit Enter(string realPath, bool throughLink, bool behindResume)
    {
        var resume = frame.Resume.Length > 1 && frame.Resume.Span[0] == Name.Name ? frame.Resume[1..] : default;
        return new FolderVisit(RelativePath, Path, realPath, throughLink, frame.Ignore, resume, behindResume);
    }

    private bool IsGit(string target) =>
        target[root.RealPath.Length..].Split(System.IO.Path.DirectorySeparatorChar).Contains(".git");
}
