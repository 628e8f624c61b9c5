using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>
/// A checksum in each page of a database, which SQLite itself does not have: without one, a changed byte of a text is read as another text. It is in
/// the last 8 bytes of the page, which SQLite leaves unused; written with the page, and checked each time the page is read from the file. A page that
/// does not match is reported to SQLite as corrupt. Databases of earlier versions have none and are read without a check.
/// </summary>
/// <remarks>
/// SQLite reads and writes files through a virtual file system (https://sqlite.org/vfs.html). This one is the system's own with two functions replaced
/// for database files. Pages in the write-ahead log have SQLite's own checksums.
/// </remarks>
internal static unsafe partial class PageSums
{
    /// <summary>The name of the file system for connections.</summary>
    public const string FileSystem = "quiver";

    private const int SumBytes = sizeof(ulong);

    /// <summary>Marks databases with checksums in their header, so that a damaged number of unused bytes does not turn the check off.</summary>
    private const int ApplicationId = 0x51565331;

    private const int Ok = 0;
    private const int Corrupt = 11;
    private const int ShortRead = 522;
    private const int MainDatabase = 0x100;
    private const int SubpageRead = 0x8000;
    private const int ReserveBytes = 38;
    private const int HeaderBytes = 100;
    private const int MinPageBytes = 512;
    private const int ReservedAt = 20;
    private const int ApplicationIdAt = 68;
    private const int MethodsVersion = 2;
    private const int MethodCount = 19;

    private static readonly SystemVfs* Base = Register();

    // Written once by the first file that opens; all files of a system have the same functions.
    private static readonly Lock Gate = new();
    private static readonly Dictionary<nint, nint> Replaced = [];

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>Makes the file system known to SQLite; safe to repeat.</summary>
    public static void Use() => _ = Base->OsFileBytes;

    /// <summary>Asks for checksums in a database that has no page yet; without effect for one that has pages.</summary>
    public static void Request(SqliteSession session)
    {
        var bytes = SumBytes;
        if (FileControl(session.Connection.Handle!.DangerousGetHandle(), "main", ReserveBytes, &bytes) != Ok)
        {
            throw new InvalidOperationException("SQLite does not reserve bytes in pages.");
        }

        session.Execute($"PRAGMA application_id = {ApplicationId}");
    }

    /// <summary>Whether a database has checksums.</summary>
    public static bool AreIn(SqliteSession session) => session.Scalar("PRAGMA application_id") is (long)ApplicationId;

    private static SystemVfs* Register()
    {
        var system = FindVfs(0);
        var own = (SystemVfs*)NativeMemory.AllocZeroed((nuint)sizeof(SystemVfs));
        *own = *system;
        own->Next = 0;
        own->Name = Marshal.StringToCoTaskMemUTF8(FileSystem);
        own->OsFileBytes = system->OsFileBytes + sizeof(FileState);
        own->Open = (nint)(delegate* unmanaged[Cdecl]<SystemVfs*, byte*, nint*, int, int*, int>)&Open;
        return RegisterVfs(own, 0) == Ok ? system : throw new InvalidOperationException("SQLite does not accept the file system of checksums.");
    }

    /// <summary>Opens a file as the system does, and replaces its functions if it is a database.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(SystemVfs* vfs, byte* name, nint* file, int flags, int* flagsOut)
    {
        // The first field of a file is the pointer to its functions; 0 when it could not be opened.
        var result = ((delegate* unmanaged[Cdecl]<SystemVfs*, byte*, nint*, int, int*, int>)Base->Open)(Base, name, file, flags, flagsOut);
        if (result == Ok && *file != 0 && (flags & MainDatabase) != 0)
        {
            *StateOf(file) = new FileState { Methods = (nint*)*file };
            *file = Replace(*file);
        }

        return result;
    }

    private static nint Replace(nint methods)
    {
        lock (Gate)
        {
            if (!Replaced.TryGetValue(methods, out var replaced))
            {
                var copy = (nint*)NativeMemory.AllocZeroed(MethodCount, (nuint)sizeof(nint));
                new ReadOnlySpan<nint>((void*)methods, Method.ShmUnmap + 1).CopyTo(new(copy, MethodCount));

                // Version 2 has no memory-mapped reads, which would pass the check by.
                *(int*)copy = MethodsVersion;
                copy[Method.Read] = (nint)(delegate* unmanaged[Cdecl]<nint*, byte*, int, long, int>)&Read;
                copy[Method.Write] = (nint)(delegate* unmanaged[Cdecl]<nint*, byte*, int, long, int>)&Write;
                copy[Method.DeviceCharacteristics] = (nint)(delegate* unmanaged[Cdecl]<nint*, int>)&DeviceCharacteristics;
                Replaced.Add(methods, replaced = (nint)copy);
            }

            return replaced;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint* file, byte* buffer, int bytes, long offset)
    {
        var state = StateOf(file);
        var result = ((delegate* unmanaged[Cdecl]<nint*, byte*, int, long, int>)state->Methods[Method.Read])(file, buffer, bytes, offset);
        if (result is not (Ok or ShortRead))
        {
            return result;
        }

        // A page that the file ends in is filled with zeros, which SQLite would take for its content.
        Note(state, buffer, bytes, offset);
        return state->HasSums != 0 && IsPage(bytes) && Sum(buffer, bytes) != Stored(buffer, bytes) ? Corrupt : result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint* file, byte* buffer, int bytes, long offset)
    {
        var state = StateOf(file);
        Note(state, buffer, bytes, offset);
        if (state->HasSums != 0 && IsPage(bytes))
        {
            // SQLite keeps the reserved bytes of its buffers to itself and does not read them.
            BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(buffer + bytes - SumBytes, SumBytes), Sum(buffer, bytes));
        }

        return ((delegate* unmanaged[Cdecl]<nint*, byte*, int, long, int>)state->Methods[Method.Write])(file, buffer, bytes, offset);
    }

    /// <summary>Without reads of parts of pages, which cannot be checked.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int DeviceCharacteristics(nint* file) =>
        ((delegate* unmanaged[Cdecl]<nint*, int>)StateOf(file)->Methods[Method.DeviceCharacteristics])(file) & ~SubpageRead;

    /// <summary>Learns from the header whether the database has checksums.</summary>
    private static void Note(FileState* state, byte* buffer, int bytes, long offset)
    {
        if (offset == 0 && bytes >= HeaderBytes && new ReadOnlySpan<byte>(buffer, Magic.Length).SequenceEqual(Magic))
        {
            var marked = BinaryPrimitives.ReadInt32BigEndian(new ReadOnlySpan<byte>(buffer + ApplicationIdAt, sizeof(int))) == ApplicationId;
            state->HasSums = marked || buffer[ReservedAt] == SumBytes ? 1 : 0;
        }
    }

    private static bool IsPage(int bytes) => bytes >= MinPageBytes && int.IsPow2(bytes);

    private static ulong Sum(byte* page, int bytes) => XxHash3.HashToUInt64(new ReadOnlySpan<byte>(page, bytes - SumBytes));

    private static ulong Stored(byte* page, int bytes) => BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(page + bytes - SumBytes, SumBytes));

    /// <summary>The memory behind the system's own.</summary>
    private static FileState* StateOf(nint* file) => (FileState*)((byte*)file + Base->OsFileBytes);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SystemVfs* FindVfs(nint name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RegisterVfs(SystemVfs* vfs, int isDefault);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileControl(nint database, string schema, int operation, void* argument);

    /// <summary>The positions in <c>sqlite3_io_methods</c>; the version is at 0.</summary>
    private static class Method
    {
        public const int Read = 2;
        public const int Write = 3;
        public const int DeviceCharacteristics = 12;
        public const int ShmUnmap = 16;
    }

    /// <summary>What is kept for an open database.</summary>
    private struct FileState
    {
        public nint* Methods;
        public int HasSums;
    }

    /// <summary><c>sqlite3_vfs</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SystemVfs
    {
        public int Version;
        public int OsFileBytes;
        public int MaxPathname;
        public nint Next;
        public nint Name;
        public nint AppData;
        public nint Open;
        public nint Delete;
        public nint Access;
        public nint FullPathname;
        public nint DlOpen;
        public nint DlError;
        public nint DlSym;
        public nint DlClose;
        public nint Randomness;
        public nint Sleep;
        public nint CurrentTime;
        public nint GetLastError;
        public nint CurrentTimeInt64;
        public nint SetSystemCall;
        public nint GetSystemCall;
        public nint NextSystemCall;
    }
}
