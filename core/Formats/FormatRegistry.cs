using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace Quiver.Core.Formats;

/// <summary>The formats that files can have. Thread-safe.</summary>
public sealed class FormatRegistry
{
    private static readonly FrozenSet<string> BinaryEndings =
        ("7z a aac ar avi avif bin bmp br bz2 cab class com dat db db3 deb dll dmg doc docx dylib ear eot epub exe flac flv gif gz heic icns ico iso jar "
        + "jpeg jpg jp2 lib lz4 m4a m4v mkv mov mp3 mp4 mpeg mpg msi npy npz nupkg o obj odp ods odt ogg onnx otf parquet pb pdb pdf pickle pkl png ppt pptx "
        + "psd pt pth pyc pyd rar rpm safetensors snupkg so sqlite sqlite3 swf tar tflite tgz tif tiff ttf wasm wav webm webp whl woff woff2 wmv xls xlsx xz zip zst")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private readonly IStreamSpool _spool;
    private readonly FrozenDictionary<DocumentFormat, RecordFormat> _formats;
    private readonly FrozenDictionary<string, RecordFormat> _byEnding;
    private readonly FrozenDictionary<string, RecordFormat> _byName;
    private readonly ImmutableArray<(ImmutableArray<byte> Signature, RecordFormat Format)> _signatures;

    /// <summary>Creates a registry.</summary>
    /// <param name="formats">The formats, among them <see cref="DocumentFormat.Text"/>.</param>
    /// <param name="spool">Makes forward-only streams seekable for the formats that need it.</param>
    /// <exception cref="ArgumentException">Two formats have the same name, ending or file name, or there is none for text.</exception>
    public FormatRegistry(IEnumerable<RecordFormat> formats, IStreamSpool spool)
    {
        _spool = spool;

        // Building a dictionary first refuses keys that two formats claim; a frozen one would keep the last.
        var known = formats.ToDictionary(static format => format.Format);
        _formats = known.ToFrozenDictionary();
        _byEnding = Keyed(known.Values, static format => format.Endings);
        _byName = Keyed(known.Values, static format => format.FileNames);
        _signatures = [.. _formats.Values.SelectMany(static format => format.Signatures, static (format, signature) => (signature, format))];
        if (!_formats.ContainsKey(DocumentFormat.Text))
        {
            throw new ArgumentException("There is no format for text.", nameof(formats));
        }
    }

    /// <summary>The format of a name.</summary>
    /// <param name="format">Any but <see cref="DocumentFormat.Auto"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The format is not registered.</exception>
    public RecordFormat this[DocumentFormat format] =>
        _formats.TryGetValue(format, out var known) ? known : throw new ArgumentOutOfRangeException(nameof(format), format, "The format is not registered.");

    /// <summary>The format of a file: the requested one, or for <see cref="DocumentFormat.Auto"/> the one that its name identifies, otherwise text.</summary>
    /// <param name="requested">The requested format.</param>
    /// <param name="fileName">The file's name, with or without folders.</param>
    public RecordFormat Resolve(DocumentFormat requested, string fileName) =>
        requested != DocumentFormat.Auto ? this[requested] : ByName(fileName) ?? this[DocumentFormat.Text];

    /// <summary>Whether a file's first bytes may identify its format: its name does not, and a registered format has a signature.</summary>
    /// <param name="requested">The requested format.</param>
    /// <param name="fileName">The file's name, with or without folders.</param>
    public bool NeedsContent(DocumentFormat requested, string fileName) =>
        requested == DocumentFormat.Auto && _signatures.Length > 0 && ByName(fileName) is null;

    /// <summary>The format whose signature a file begins with; null for none.</summary>
    /// <param name="head">The file's first bytes, <see cref="RecordConstants.HeadBytes"/> of them if it has as many.</param>
    public RecordFormat? Identify(ReadOnlySpan<byte> head)
    {
        foreach (var (signature, format) in _signatures)
        {
            if (head.StartsWith(signature.AsSpan()))
            {
                return format;
            }
        }

        return null;
    }

    /// <summary>Whether the name alone shows that no registered format can read the file; folders skip such files.</summary>
    /// <param name="fileName">The file's name, with or without folders.</param>
    public bool IsKnownBinary(string fileName) => Ending(fileName) is var ending && BinaryEndings.Contains(ending) && !_byEnding.ContainsKey(ending);

    /// <summary>Reads a file's records, see <see cref="IRecordReader.ReadAsync"/>; spools a forward-only stream first if the format needs seeking.</summary>
    /// <param name="format">The file's format.</param>
    /// <param name="options">How records are read.</param>
    /// <param name="stream">The file, as the format's reader expects it except that it may be forward-only.</param>
    /// <param name="from">Where to resume.</param>
    /// <param name="cancellationToken">Stops between reads.</param>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="SpoolLimitException">The file is too large to be spooled.</exception>
    public IAsyncEnumerable<Record> ReadAsync(
        RecordFormat format, RecordOptions options, Stream stream, RecordCursor from, CancellationToken cancellationToken = default)
    {
        var reader = format.CreateReader(options);
        return format.NeedsSeeking && !stream.CanSeek
            ? SpoolAndReadAsync(reader, stream, from, cancellationToken)
            : reader.ReadAsync(stream, from, cancellationToken);
    }

    private async IAsyncEnumerable<Record> SpoolAndReadAsync(
        IRecordReader reader, Stream stream, RecordCursor from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var spooled = await _spool.SpoolAsync(stream, cancellationToken);
        await foreach (var record in reader.ReadAsync(spooled, from, cancellationToken))
        {
            yield return record;
        }
    }

    private RecordFormat? ByName(string fileName) => _byName.GetValueOrDefault(Path.GetFileName(fileName)) ?? _byEnding.GetValueOrDefault(Ending(fileName));

    private static string Ending(string fileName) => Path.GetExtension(fileName) is { Length: > 1 } ending ? ending[1..].ToLowerInvariant() : "";

    private static FrozenDictionary<string, RecordFormat> Keyed(IEnumerable<RecordFormat> formats, Func<RecordFormat, ImmutableArray<string>> keys) => formats
        .SelectMany(format => keys(format), static (format, key) => (Key: key, Format: format))
        .ToDictionary(static entry => entry.Key, static entry => entry.Format, StringComparer.Ordinal)
        .ToFrozenDictionary(StringComparer.Ordinal);
}
