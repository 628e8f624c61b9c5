using Quiver.Core.Chunking;
using Quiver.Core.Jobs;
using Quiver.Core.Vectors;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>Writes and deletes the points of documents, in requests bounded by points and bytes.</summary>
internal sealed class PointWriter(IVectorStore store, JobOptions options, TimeProvider time)
{
    private const int PointsPerDeletion = 1000;

    /// <summary>Writes the points of embedded documents; all are acknowledged when it returns.</summary>
    public async Task<UpsertOutcome> WriteAsync(
        CollectionBinding binding, BatchRequest request, IReadOnlyList<ChunkedDocument> documents, CancellationToken cancellationToken)
    {
        var points = new List<VectorPoint>(options.UpsertPoints);
        var bytes = 0L;
        var outcome = default(UpsertOutcome);
        foreach (var document in documents)
        {
            var fields = document.Document.Metadata.Sum(field => field.Key.Length + (long)field.Value.Length) + (document.Title?.Length ?? 0);
            var metadata = document.Document.Metadata.Remove(PayloadFields.Title);
            var headings = new HeadingPaths();
            for (var i = 0; i < document.Vectors.Count; i++)
            {
                var point = CreatePoint(binding, request, document, i, metadata, headings.Of(document.Chunks[i].Outline));
                var size = (point.Vector.Length * sizeof(float)) + ((point.Payload.Text.Length + fields + point.Payload.Headings.Sum(heading => heading.Length)) * 2);
                if (points.Count == options.UpsertPoints || (points.Count > 0 && bytes + size > options.UpsertBytes))
                {
                    outcome = await FlushAsync();
                }

                points.Add(point);
                bytes += size;
            }
        }

        return points.Count > 0 ? await FlushAsync() : outcome;

        async Task<UpsertOutcome> FlushAsync()
        {
            var written = await store.UpsertAsync(binding.PointScope, points, cancellationToken);
            points.Clear();
            bytes = 0;
            return new(outcome.Written + written.Written, outcome.Superseded + written.Superseded);
        }
    }

    /// <summary>Deletes the points of the chunks from <paramref name="from"/> up to <paramref name="to"/> and returns their number.</summary>
    public Task<long> DeleteAsync(CollectionBinding binding, string documentId, int from, int to, CancellationToken cancellationToken) =>
        DeleteAsync(binding, documentId, from, to, ids => store.DeleteAsync(binding.PointScope, ids, cancellationToken));

    /// <summary>
    /// As <see cref="DeleteAsync(CollectionBinding, string, int, int, CancellationToken)"/>, but keeps points of this or a newer
    /// generation.
    /// </summary>
    public Task<long> DeleteOlderAsync(CollectionBinding binding, string documentId, int from, int to, long generation, CancellationToken cancellationToken) =>
        DeleteAsync(binding, documentId, from, to, ids => store.DeleteOlderAsync(binding.PointScope, ids, generation, cancellationToken));

    private static async Task<long> DeleteAsync(CollectionBinding binding, string documentId, int from, int to, Func<Guid[], Task<long>> delete)
    {
        var deleted = 0L;
        for (var start = from; start < to; start += PointsPerDeletion)
        {
            var chunks = Enumerable.Range(start, Math.Min(PointsPerDeletion, to - start));
            deleted += await delete([.. chunks.Select(chunk => PointId.Create(binding.Key, documentId, chunk))]);
        }

        return deleted;
    }

    private VectorPoint CreatePoint(
        CollectionBinding binding,
        BatchRequest request,
        ChunkedDocument document,
        int index,
        ImmutableDictionary<string, string> metadata,
        ImmutableArray<string> headings)
    {
        var chunk = document.Chunks[index];
        var payload = new PointPayload
        {
            Scope = binding.Key,
            DocumentId = document.Id,
            Chunk = chunk.Number,
            Text = chunk.Text,
            Title = document.Title,
            Headings = headings,
            StartChar = chunk.StartChar,
            EndChar = chunk.EndChar,
            StartLine = chunk.StartLine,
            EndLine = chunk.EndLine,
            Generation = request.Generation,
            Epoch = request.Epoch,
            IndexedAt = time.GetUtcNow(),
            Metadata = metadata,
        };
        return new VectorPoint(PointId.Create(binding.Key, document.Id, chunk.Number), document.Vectors[index], payload);
    }

    /// <summary>Makes one list for neighbouring chunks with the same headings.</summary>
    private sealed class HeadingPaths
    {
        private Outline? _last;
        private ImmutableArray<string> _path = [];

        public ImmutableArray<string> Of(Outline? outline)
        {
            if (!ReferenceEquals(outline, _last))
            {
                (_last, _path) = (outline, outline?.ToPath() ?? []);
            }

            return _path;
        }
    }
}
