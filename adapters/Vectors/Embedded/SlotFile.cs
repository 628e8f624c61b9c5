using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// The file of vectors: rows of one size, grown by whole segments. It is written by calls and read through maps: a full disk is then an
/// error of the call, where a store into a map would end the process. Written by one thread.
/// </summary>
internal sealed class SlotFile : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private SlotSegment[] _segments = [];
    private bool _dirty;

    /// <summary>Opens or creates the file.</summary>
    /// <exception cref="PermanentException">It cannot be opened, or lacks rows that the index knows.</exception>
    public SlotFile(string path, FlatLayout layout, int slots)
        : this(path, layout, slots, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read)
    {
    }

    private SlotFile(string path, FlatLayout layout, int slots, FileMode mode, FileAccess access, FileShare share)
    {
        _path = path;
        Layout = layout;
        try
        {
            _handle = File.OpenHandle(path, mode, access, share);
            RequireRows(slots);
            if (access != FileAccess.Read)
            {
                EnsureSegments(SegmentsFor(slots));
            }
        }
        catch (Exception e) when (IsFileError(e))
        {
            _handle?.Dispose();
            throw Failed(e);
        }
    }

    /// <summary>Opens the file to read it, also while another process writes it.</summary>
    /// <exception cref="PermanentException">It cannot be opened, or lacks rows that the index knows.</exception>
    public static SlotFile OpenReadOnly(string path, FlatLayout layout, int slots) =>
        new(path, layout, slots, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public FlatLayout Layout { get; }

    /// <summary>The mapped segments; the array is never changed, only replaced.</summary>
    public SlotSegment[] Segments => _segments;

    /// <summary>Maps the rows before a slot, which a commit has written.</summary>
    /// <exception cref="PermanentException">The file lacks some of them.</exception>
    public void Show(int slots)
    {
        try
        {
            RequireRows(slots);
            MapSegments(SegmentsFor(slots));
        }
        catch (Exception e) when (IsFileError(e))
        {
            throw Failed(e);
        }
    }

    /// <summary>Writes a row to where no committed point is.</summary>
    public void Write(int slot, float[] row)
    {
        try
        {
            EnsureSegments((slot / Layout.RowsPerSegment) + 1);
            RandomAccess.Write(_handle, MemoryMarshal.AsBytes<float>(row), (long)slot * Layout.RowBytes);
            _dirty = true;
        }
        catch (Exception e) when (IsFileError(e))
        {
            throw Failed(e);
        }
    }

    /// <summary>Brings everything written to the disk.</summary>
    public void Flush()
    {
        try
        {
            if (_dirty)
            {
                RandomAccess.FlushToDisk(_handle);
                _dirty = false;
            }
        }
        catch (Exception e) when (IsFileError(e))
        {
            throw Failed(e);
        }
    }

    public void Dispose()
    {
        foreach (var segment in _segments)
        {
            segment.Dispose();
        }

        _handle.Dispose();
    }

    private void EnsureSegments(int count)
    {
        if (count <= _segments.Length)
        {
            return;
        }

        if (RandomAccess.GetLength(_handle) < count * Layout.SegmentBytes)
        {
            RandomAccess.SetLength(_handle, count * Layout.SegmentBytes);
            _dirty = true;
        }

        MapSegments(count);
    }

    private void MapSegments(int count)
    {
        if (count > _segments.Length)
        {
            var added = Enumerable.Range(_segments.Length, count - _segments.Length)
                .Select(i => new SlotSegment(_handle, i * Layout.SegmentBytes, Layout.SegmentBytes));
            _segments = [.. _segments, .. added];
        }
    }

    private int SegmentsFor(int slots) => (slots + Layout.RowsPerSegment - 1) / Layout.RowsPerSegment;

    private void RequireRows(int slots)
    {
        if (RandomAccess.GetLength(_handle) < (long)slots * Layout.RowBytes)
        {
            throw new InvalidDataException($"It is shorter than its index says: restore it; or stop Quiver, delete the folder {Path.GetDirectoryName(_path)} and ingest again, which finds out what is missing.");
        }
    }

    private static bool IsFileError(Exception e) => e is IOException or UnauthorizedAccessException or InvalidDataException;

    private PermanentException Failed(Exception e) =>
        new(ErrorCodes.StorageUnavailable, $"{_path} cannot be used: {e.Message} Check the disk's free space and the file's permissions.", e);
}
