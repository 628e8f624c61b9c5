using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Quiver.Adapters.Storage.Files;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// The file of vectors: rows of one size, grown by whole segments. Written by system calls and read through memory maps: a full disk then
/// fails the call, whereas a write to a mapped page would end the process. Written by one thread.
/// </summary>
internal sealed class SlotFile : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private SlotSegment[] _segments = [];
    private bool _dirty;

    /// <summary>Opens or creates the file.</summary>
    /// <exception cref="PermanentException">It cannot be opened, or is shorter than the index requires.</exception>
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
            _handle = File.OpenHandle(path, slots > 0 ? FileMode.Open : mode, access, share);
            RequireRows(slots);
            if (access != FileAccess.Read)
            {
                EnsureSegments(SegmentsFor(slots));
            }
        }
        catch (FileNotFoundException exception)
        {
            throw DirectoryManifest.Error(path, "is missing, but its index has points", exception);
        }
        catch (Exception exception)
        {
            _handle?.Dispose();
            if (IsFileError(exception))
            {
                throw Failed(exception);
            }

            throw;
        }
    }

    /// <summary>Opens the file for reading, also while another process writes it.</summary>
    /// <exception cref="PermanentException">It cannot be opened, or is shorter than the index requires.</exception>
    public static SlotFile OpenReadOnly(string path, FlatLayout layout, int slots) =>
        new(path, layout, slots, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public static string PathIn(string folder) => Path.Combine(folder, "vectors.bin");

    public FlatLayout Layout { get; }

    /// <summary>The mapped segments; the array is replaced, never changed.</summary>
    public SlotSegment[] Segments => _segments;

    /// <summary>Maps the first <paramref name="slots"/> rows, which a commit has written.</summary>
    /// <exception cref="PermanentException">The file is shorter.</exception>
    public void MapRows(int slots)
    {
        try
        {
            RequireRows(slots);
            MapSegments(SegmentsFor(slots));
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw Failed(exception);
        }
    }

    /// <summary>Writes a row to a slot without a committed point.</summary>
    public void Write(int slot, float[] row)
    {
        try
        {
            EnsureSegments((slot / Layout.RowsPerSegment) + 1);
            RandomAccess.Write(_handle, MemoryMarshal.AsBytes<float>(row), (long)slot * Layout.RowBytes);
            _dirty = true;
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw Failed(exception);
        }
    }

    /// <summary>Flushes written rows to the disk.</summary>
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
        catch (Exception exception) when (IsFileError(exception))
        {
            throw Failed(exception);
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
            if (RandomAccess.GetLength(_handle) < count * Layout.SegmentBytes)
            {
                throw Shorter();
            }

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
            throw Shorter();
        }
    }

    private PermanentException Shorter() => DirectoryManifest.Error(_path, "is damaged: it is shorter than its index requires");

    private static bool IsFileError(Exception exception) => FileFaults.IsOne(exception);

    private QuiverException Failed(Exception exception) => FileFaults.Classify(exception, _path);
}

/// <summary>A part of the file of vectors, mapped for reading.</summary>
internal sealed unsafe class SlotSegment : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    public SlotSegment(SafeFileHandle handle, long offset, long length)
    {
        _file = MemoryMappedFile.CreateFromFile(handle, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    /// <summary>The row at a byte offset within the segment; valid until the collection closes.</summary>
    public float* Row(long offset) => (float*)(_start + offset);

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
