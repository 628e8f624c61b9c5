using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using Quiver.Adapters.Storage.Files;
using Quiver.Core.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Files;

/// <summary>
/// Walks roots in their order and each folder depth-first in ordinal order of names, so a path alone is a cursor. Holds the
/// names in the folders on the current path only. A root inside another root is read once, as itself.
/// </summary>
internal sealed class FileWalk(IReadOnlyList<FileRoot> roots, GlobFilter filter, bool honourGitIgnore, Func<string, bool> skip)
{
    private readonly HashSet<string> _rootPaths = [.. roots.Select(root => root.RealPath)];

    /// <summary>The files from the cursor's file, which is left out when the cursor is after it.</summary>
    /// <exception cref="PermanentException">A root is gone.</exception>
    public async IAsyncEnumerable<FileEntry> EnumerateAsync(FileCursor? from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = from?.Root ?? 0; i < roots.Count; i++)
        {
            var resume = from?.Root == i ? from : null;
            if (!roots[i].IsFolder)
            {
                if (resume is not { Done: true })
                {
                    yield return new FileEntry(i, "");
                }

                continue;
            }

            await foreach (var entry in EnumerateAsync(i, resume, cancellationToken))
            {
                yield return entry;
            }
        }
    }

    private async IAsyncEnumerable<FileEntry> EnumerateAsync(int index, FileCursor? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = roots[index];
        var stack = new Stack<OpenFolder>();
        stack.Push(await OpenRootAsync(root, from, cancellationToken));
        while (stack.TryPeek(out var open))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!open.TryNext(out var name))
            {
                stack.Pop();
                continue;
            }

            var step = new FileWalkStep(root, open.Folder, name);
            if (IsLeftOut(step, open.Ignore))
            {
                continue;
            }

            var (folder, fault) = step.Follow(open.Ignore);
            if (folder is not null)
            {
                var (entered, reason) = await OpenAsync(folder, from is { Done: true }, cancellationToken);
                if (entered is not null)
                {
                    stack.Push(entered);
                }
                else if (reason is not null)
                {
                    yield return new FileEntry(index, step.RelativePath, new RecordFault(ErrorCodes.UnreadableFile, reason, HidesOthers: true));
                }
            }
            else if (fault is not null && (fault.HidesOthers || name.IsFolder || filter.Includes(step.RelativePath)))
            {
                yield return new FileEntry(index, step.RelativePath, fault);
            }
            else if (fault is null && !name.IsFolder && filter.Includes(step.RelativePath) && !skip(name.Name))
            {
                yield return new FileEntry(index, step.RelativePath);
            }
        }
    }

    private bool IsLeftOut(FileWalkStep step, GitIgnoreScope? ignore) =>
        step.Name.Name == ".git"
        || filter.Excludes(step.RelativePath)
        || _rootPaths.Contains(step.Path)
        || ignore?.Ignores(step.Path, step.Name is { IsFolder: true, IsLink: false }) == true;

    private async Task<OpenFolder> OpenRootAsync(FileRoot root, FileCursor? from, CancellationToken cancellationToken)
    {
        try
        {
            // Listing blocks on the disk and leaves the caller's scheduler; a source lists one folder at a time.
            return await Task.Run(
                () =>
                {
                    var around = honourGitIgnore ? GitIgnoreScope.Above(root.RealPath) : null;
                    var resume = from is { Path.Length: > 0 } ? from.Path.Split('/') : [];
                    return OpenFolder.List(new Folder("", root.RealPath, root.RealPath, false, around, resume), from is { Done: true }, honourGitIgnore);
                },
                cancellationToken);
        }
        catch (Exception exception) when (FileFaults.IsTooManyFiles(exception))
        {
            throw FileFaults.TooManyFiles(root.Path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A mirroring job would take an empty folder for "everything was deleted".
            throw new PermanentException(ErrorCodes.PathNotFound, $"The folder '{root.Path}' can no longer be read: {exception.Message}", exception);
        }
    }

    private async Task<(OpenFolder? Folder, string? Reason)> OpenAsync(Folder folder, bool afterResume, CancellationToken cancellationToken)
    {
        try
        {
            return (await Task.Run(() => OpenFolder.List(folder, afterResume, honourGitIgnore), cancellationToken), null);
        }
        catch (DirectoryNotFoundException)
        {
            // Deleted since its parent was listed.
            return (null, null);
        }
        catch (Exception exception) when (FileFaults.IsTooManyFiles(exception))
        {
            throw FileFaults.TooManyFiles(folder.Path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"The folder cannot be read: {exception.Message}");
        }
    }
}

/// <summary>A file that a walk reached, or a fault.</summary>
/// <param name="Root">The index of its root.</param>
/// <param name="RelativePath">Its path relative to the root, with forward slashes; empty for a root that is a file.</param>
/// <param name="Fault">Null when there is a file to read.</param>
internal readonly record struct FileEntry(int Root, string RelativePath, RecordFault? Fault = null);

/// <summary>A name in a folder that a walk reached.</summary>
internal readonly struct FileWalkStep(FileRoot root, Folder folder, FolderEntry name)
{
    public FolderEntry Name { get; } = name;

    /// <summary>The path relative to the root, with forward slashes.</summary>
    public string RelativePath { get; } = folder.RelativePath.Length == 0 ? name.Name : $"{folder.RelativePath}/{name.Name}";

    /// <summary>The absolute path, with links below the root unresolved.</summary>
    public string Path { get; } = System.IO.Path.Join(folder.Path, name.Name);

    /// <summary>
    /// The folder to enter, or the fault of a link; neither for a file and for a link that leads back or nowhere new. A path follows
    /// at most one link to a folder: the target of a second one is inside the root anyway and is read under its own path. The fault of a link
    /// that may lead to a folder hides the documents in it, unless the target does not exist.
    /// </summary>
    public (Folder? Folder, RecordFault? Fault) Follow(GitIgnoreScope? ignore)
    {
        if (!Name.IsLink)
        {
            return (Name.IsFolder ? Enter(System.IO.Path.Join(folder.RealPath, Name.Name), folder.ThroughLink, ignore) : null, null);
        }

        string target;
        try
        {
            target = RealPath.Resolve(System.IO.Path.Join(folder.RealPath, Name.Name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, new RecordFault(ErrorCodes.UnreadableFile, $"The link cannot be followed: {exception.Message}", HidesOthers: true));
        }

        if (!RealPath.IsWithin(target, root.RealPath))
        {
            return (null, new RecordFault(ErrorCodes.PathNotAllowed, "The link leads out of the folder that the source names and is not followed: name its target as a path too, or exclude the link.", Name.IsFolder));
        }

        if (!System.IO.Path.Exists(target))
        {
            return (null, new RecordFault(ErrorCodes.UnreadableFile, "The link leads to nothing."));
        }

        if (!Name.IsFolder || folder.ThroughLink || RealPath.IsWithin(folder.RealPath, target) || IsGit(target))
        {
            return (null, null);
        }

        return (Enter(target, throughLink: true, ignore), null);
    }

    private Folder Enter(string realPath, bool throughLink, GitIgnoreScope? ignore)
    {
        var resume = folder.Resume.Length > 1 && folder.Resume.Span[0] == Name.Name ? folder.Resume[1..] : default;
        return new Folder(RelativePath, Path, realPath, throughLink, ignore, resume);
    }

    private bool IsGit(string target) =>
        target[root.RealPath.Length..].Split(System.IO.Path.DirectorySeparatorChar).Contains(".git");
}

/// <summary>A folder to list.</summary>
/// <param name="RelativePath">Its path relative to the root, with forward slashes; empty for the root.</param>
/// <param name="Path">The absolute path, with links below the root unresolved.</param>
/// <param name="RealPath">The absolute path with all links resolved.</param>
/// <param name="ThroughLink">Whether the path follows a link to a folder.</param>
/// <param name="Around">The ignore rules of the folders above.</param>
/// <param name="Resume">The names of the cursor's path below this folder; empty to list it from its beginning.</param>
internal sealed record Folder(string RelativePath, string Path, string RealPath, bool ThroughLink, GitIgnoreScope? Around, ReadOnlyMemory<string> Resume);

/// <summary>A name in a folder.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsFolder">Whether it is a folder, or a link to one.</param>
/// <param name="IsLink">Whether it is a link.</param>
internal readonly record struct FolderEntry(string Name, bool IsFolder, bool IsLink);

/// <summary>A folder on the current path of a walk: its names in order, and the next one.</summary>
internal sealed class OpenFolder
{
    private readonly FolderEntry[] _entries;
    private int _next;

    private OpenFolder(Folder folder, FolderEntry[] entries, bool afterResume, GitIgnoreScope? ignore)
    {
        Folder = folder;
        Ignore = ignore;
        _entries = entries;
        _next = FirstFrom(folder.Resume, afterResume);
    }

    public Folder Folder { get; }

    /// <summary>The ignore rules inside the folder.</summary>
    public GitIgnoreScope? Ignore { get; }

    /// <summary>Lists a folder. Blocks on the disk.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="afterResume">Whether to resume after the cursor's path instead of at it.</param>
    /// <param name="honourGitIgnore">Whether to read its ignore rules.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public static OpenFolder List(Folder folder, bool afterResume, bool honourGitIgnore)
    {
        var listing = new FileSystemEnumerable<FolderEntry>(
            folder.Path,
            (ref entry) => new FolderEntry(entry.FileName.ToString(), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0),
            new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false });
        FolderEntry[] entries = [.. listing];
        Array.Sort(entries, static (x, y) => string.CompareOrdinal(x.Name, y.Name));
        return new(folder, entries, afterResume, honourGitIgnore ? GitIgnoreScope.Enter(folder.Around, folder.Path) : null);
    }

    /// <summary>The next name. False when there is none.</summary>
    public bool TryNext(out FolderEntry entry)
    {
        var has = _next < _entries.Length;
        entry = has ? _entries[_next++] : default;
        return has;
    }

    private int FirstFrom(ReadOnlyMemory<string> resume, bool afterResume)
    {
        if (resume.IsEmpty)
        {
            return 0;
        }

        var name = resume.Span[0];
        var at = Array.FindIndex(_entries, entry => string.CompareOrdinal(entry.Name, name) >= 0);
        if (at < 0)
        {
            return _entries.Length;
        }

        return resume.Length == 1 && afterResume && _entries[at].Name == name ? at + 1 : at;
    }
}
