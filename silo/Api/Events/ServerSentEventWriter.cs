using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Quiver.Client.Http;
using Quiver.Client.Json;

namespace Quiver.Silo.Api.Events;

/// <summary>Writes job events in the framing of server-sent events, each sent at once. Not thread-safe.</summary>
internal sealed class ServerSentEventWriter(PipeWriter output)
{
    /// <summary>An event: its sequence number as id, its kind as name, itself as one line of JSON.</summary>
    public async Task WriteAsync(JobEvent item, CancellationToken cancellationToken)
    {
        WriteText(string.Create(CultureInfo.InvariantCulture, $"id: {item.Sequence}\nevent: {EnumNames<JobEventKind>.Of(item.Kind)}\ndata: "));
        output.Write(JsonSerializer.SerializeToUtf8Bytes(item, QuiverJsonContext.Shared.JobEvent));
        WriteText("\n\n");
        await output.FlushAsync(cancellationToken);
    }

    /// <summary>A comment, which readers skip: it shows that the connection lives.</summary>
    public async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        WriteText(":\n\n");
        await output.FlushAsync(cancellationToken);
    }

    /// <summary>Says that the job is final and nothing follows; it has no id, so that the reader's last id stays.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        WriteText($"event: {EventStreamNames.End}\ndata: {{}}\n\n");
        await output.FlushAsync(cancellationToken);
    }

    private void WriteText(string text) => Encoding.UTF8.GetBytes(text, output);
}
