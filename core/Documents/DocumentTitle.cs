using Quiver.Core.Chunking;
using Quiver.Core.Formats;
using Quiver.Core.Vectors;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>Finds the title of a document.</summary>
internal static class DocumentTitle
{
    /// <summary>
    /// The field <c>title</c>, else the first heading of Markdown, else the path of a file of code or the name of another file. Null for a record
    /// of a file that has neither: the file says little about it.
    /// </summary>
    public static string? Of(Document document)
    {
        if (document.Metadata.TryGetValue(PayloadFields.Title, out var title) && !string.IsNullOrWhiteSpace(title))
        {
            return title;
        }

        if (document.Format == DocumentFormat.Markdown && MarkdownScanner.FindFirstHeading(document.Text, document.TextStart) is { } heading)
        {
            return heading;
        }

        if (!document.Metadata.TryGetValue(RecordConstants.PathField, out var path) || path != document.Id)
        {
            return null;
        }

        var name = path[(path.LastIndexOf('/') + 1)..];
        return document.Format == DocumentFormat.Code || name.Length == 0 ? path : name;
    }
}
