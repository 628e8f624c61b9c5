using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>A mapped part of the file of vectors, for reading.</summary>
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
