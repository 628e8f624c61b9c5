using System.Text;
using Quiver.Core.Formats;
using Quiver.Core.Formats.Json;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Formats;

/// <summary>
/// What a reader holds is its window, so the window is what is measured: the process's memory would tell of the tests beside this one too.
/// </summary>
public sealed class ReaderMemoryTests
{
    private const int MaxDocumentBytes = 1_000_000;
    private const int WindowBound = 4 * MaxDocumentBytes;
    private static readonly byte[] Filler = Encoding.UTF8.GetBytes(new string('y', 1_000_000));

    [Fact]
    public async Task JsonLines_TwoHundredMegabytesOfSmallLines_TakeTheSmallestWindow()
    {
        var line = Encoding.UTF8.GetBytes($"{{\"text\":\"{new string('x', 1_000)}\"}}\n");

        var (records, window) = await CutLinesAsync(new RepeatingStream([], line, 200_000_000 / line.Length, []));

        Assert.Equal(200_000_000 / line.Length, records);
        Assert.Equal(64 * 1024, window);
    }

    [Fact]
    public async Task JsonLines_OneLineOfTwoHundredMegabytes_IsNotHeld()
    {
        var (records, window) = await CutLinesAsync(new RepeatingStream("{\"text\":\""u8.ToArray(), Filler, 200, "\"}\n{\"text\":\"last\"}\n"u8.ToArray()));

        Assert.Equal(2, records);
        Assert.InRange(window, 0, WindowBound);
    }

    [Fact]
    public async Task JsonArray_TwoHundredMegabytesOfSmallElements_TakeTheSmallestWindow()
    {
        var element = Encoding.UTF8.GetBytes($"{{\"text\":\"{new string('x', 1_000)}\",\"n\":[1]}},\n");

        var (records, window) = await CutElementsAsync(new RepeatingStream("["u8.ToArray(), element, 200_000_000 / element.Length, "{\"text\":\"last\"}]"u8.ToArray()));

        Assert.Equal((200_000_000 / element.Length) + 1, records);
        Assert.Equal(64 * 1024, window);
    }

    [Fact]
    public async Task JsonArray_OneElementOfTwoHundredMegabytes_IsNotHeld()
    {
        var (records, window) = await CutElementsAsync(new RepeatingStream("[{\"text\":\""u8.ToArray(), Filler, 200, "\"},{\"text\":\"last\"}]"u8.ToArray()));

        Assert.Equal(2, records);
        Assert.InRange(window, 0, WindowBound);
    }

    private static async Task<(long Records, int Window)> CutLinesAsync(Stream stream)
    {
        using var window = new ByteWindow(stream, 0);
        var lines = new JsonLineCutter(window, new JsonRecordParser(new RecordOptions()), MaxDocumentBytes, RecordCursor.Start);
        var records = 0L;
        do
        {
            while (lines.TryCut(out var record))
            {
                records += record is null ? 0 : 1;
            }
        }
        while (await window.FillAsync(TestContext.Current.CancellationToken));
        return (records, window.LargestBuffer);
    }

    private static async Task<(long Records, int Window)> CutElementsAsync(Stream stream)
    {
        using var window = new ByteWindow(stream, 0);
        var elements = new JsonArrayCutter(window, new JsonRecordParser(new RecordOptions()), MaxDocumentBytes, RecordCursor.Start);
        var records = 0L;
        do
        {
            while (elements.TryCut(out _))
            {
                records++;
            }
        }
        while (await window.FillAsync(TestContext.Current.CancellationToken));
        return (records, window.LargestBuffer);
    }
}
