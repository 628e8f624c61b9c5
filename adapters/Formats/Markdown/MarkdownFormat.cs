using System.Runtime.CompilerServices;
using Quiver.Core.Formats;
using Quiver.Core.Formats.Text;
using Quiver.GrainInterfaces.Jobs;

namespace Quiver.Adapters.Formats.Markdown;

/// <summary>Markdown, whose front matter becomes metadata.</summary>
public static class MarkdownFormat
{
    /// <summary>Markdown; each file is one document.</summary>
    public static RecordFormat Markdown { get; } = new()
    {
        Format = DocumentFormat.Markdown,
        ChunkAs = DocumentFormat.Markdown,
        CreateReader = static options => new MarkdownReader(options),
        Endings = ["md", "markdown"],
        IsOneDocument = true,
    };

    private sealed class MarkdownReader(RecordOptions options) : IRecordReader
    {
        private readonly WholeFileReader _file = new(options);

        public async IAsyncEnumerable<Record> ReadAsync(
            Stream stream, RecordCursor from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var record in _file.ReadAsync(stream, from, cancellationToken))
            {
                yield return record.Fault is null ? FrontMatter.Take(record) : record;
            }
        }
    }
}
