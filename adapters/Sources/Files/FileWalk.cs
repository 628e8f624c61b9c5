using System.Runtime.CompilerServices;
using Quiver.Core.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Files;

/// <summary>
/// Walks roots in their order and each folder depth-first, names compared ordinally, so that a path alone says where to go on. Holds the
/// names of the folders on the current path only. A root that lies in another is read as itself and left out of the other.
/// </summary>
internal sealed class FileWalk(IReadOnlyList<FileRoot> roots, GlobFilter filter, bool honourGitIgnore, bool skipKnownBinary)
{
    private readonly HashSet<string> _rootPaths = [.. roots.Select(root => root.RealPath)];

    /// <summary>The files from a cursor's file on, or from behind it when it is done.</summary>
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
        var stack = new Stack<FolderFrame>();
        stack.Push(await OpenRootAsync(root, from, cancellationToken));
        while (stack.TryPeek(out var frame))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!frame.TryNext(out var name))
            {
                stack.Pop();
                continue;
            }

            var step = new FileWalkStep(root, frame, name);
            if (IsLeftOut(step, frame))
            {
                continue;
            }

            var (visit, fault) = step.Follow(from is { Done: true });
            if (visit is not null)
            {
                var (entered, reason) = await OpenAsync(visit, cancellationToken);
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
            else if (fault is null && !name.IsFolder && filter.Includes(step.RelativePath) && !(skipKnownBinary && FileFormats.IsKnownBinary(name.Name)))
            {
                yield return new FileEntry(index, step.RelativePath);
            }
        }
    }

    private bool IsLeftOut(FileWalkStep step, FolderFrame frame) =>
        step.Name.Name == ".git"
        || filter.Excludes(step.RelativePath)
        || _rootPaths.Contains(step.Path)
        || frame.Ignore?.Ignores(step.Path, step.Name is { IsFolder: true, IsLink: false }) == true;

    private async Task<FolderFrame> OpenRootAsync(FileRoot root, FileCursor? from, CancellationToken cancellationToken)
    {
        try
        {
            // Listing blocks on the disk, so it leaves the caller's scheduler; one listing at a time per source.
            return await Task.Run(
                () =>
                {
                    var around = honourGitIgnore ? GitIgnoreScope.Above(root.RealPath) : null;
                    var resume = from is { Path.Length: > 0 } ? from.Path.Split('/') : [];
                    return FolderFrame.Open(new FolderVisit("", root.RealPath, root.RealPath, false, around, resume, from is { Done: true }), honourGitIgnore);
                },
                cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An empty answer would read as "everything was deleted" to a mirroring job.
            throw new PermanentException(ErrorCodes.PathNotFound, $"The folder '{root.Path}' can no longer be read: {e.Message}", e);
        }
    }

    private async Task<(FolderFrame? Frame, string? Reason)> OpenAsync(FolderVisit visit, CancellationToken cancellationToken)
    {
        try
        {
            return (await Task.Run(() => FolderFrame.Open(visit, honourGitIgnore), cancellationToken), null);
        }
        catch (DirectoryNotFoundException)
        {
            // Deleted since its parent was listed: as if it had never been there.
            return (null, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"The folder cannot be read: {e.Message}");
        }
    }
}
