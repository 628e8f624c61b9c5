using Microsoft.Extensions.Options;
using Quiver.Core.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Files;

/// <summary>Opens files and folders.</summary>
internal sealed class FileSourceProvider(IOptions<FilesOptions> options, FormatRegistry formats) : ISourceProvider
{
    public string Kind => "files";

    public Task<IDocumentSource> OpenAsync(SourceSpec spec, CancellationToken cancellationToken = default)
    {
        var normal = Normalize(spec);

        // Looking up paths blocks on the disk.
        return Task.Run(() => Open(normal, cancellationToken), cancellationToken);
    }

    public SourceSpec Normalize(SourceSpec spec)
    {
        SourceSpecValidator.Validate(spec);
        return SourceSpecValidator.Normalize(spec, Absolute);
    }

    private static string Absolute(string path)
    {
        try
        {
            return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, Environment.CurrentDirectory));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"The path '{path}' is not valid: {exception.Message} Correct it.", exception);
        }
    }

    private IDocumentSource Open(SourceSpec spec, CancellationToken cancellationToken)
    {
        var prefixes = RootPrefixes.Of(spec.Paths, Path.DirectorySeparatorChar);
        var allowed = options.Value.AllowedRoots.Select(RealPath.Resolve).ToArray();
        List<FileRoot> roots = [];
        foreach (var (path, prefix) in spec.Paths.Zip(prefixes))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var real = Locate(path);
            if (allowed.Length > 0 && !allowed.Any(root => RealPath.IsWithin(real, root)))
            {
                throw new InvalidRequestException(
                    ErrorCodes.PathNotAllowed, $"The path '{path}' is outside the folders that this server may read: name one inside, or add its folder to Quiver:Files:AllowedRoots.");
            }

            var isFolder = Directory.Exists(real);
            if (!isFolder && !File.Exists(real))
            {
                throw Missing(path, real);
            }

            // The source's name identifies the data wherever they are stored, so the folder's name is not part of the ids.
            var named = isFolder && spec.Name is not null && spec.Paths.Length == 1;
            roots.Add(new FileRoot(path, real, isFolder, named ? "" : prefix, spec.Name ?? path));
        }

        return new FileSource(roots, spec, (int)(spec.MaxDocumentBytes ?? options.Value.MaxDocumentBytes), formats);
    }

    // The path is absolute by now, from the folder in which it was typed: this process's folder says nothing about it.
    private static InvalidRequestException Missing(string path, string real) => new(
        ErrorCodes.PathNotFound,
        new FileInfo(path).LinkTarget is not null
            ? $"The link leads to nothing: '{path}' points to '{real}', which does not exist. Correct the link, or name what it should lead to."
            : $"The path '{path}' does not exist. Check its spelling, and that the machine that runs the job has it.");

    private static string Locate(string path)
    {
        try
        {
            return RealPath.Resolve(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException(ErrorCodes.PathNotFound, $"The path '{path}' cannot be reached: {exception.Message} Check its links and permissions.", exception);
        }
    }
}
