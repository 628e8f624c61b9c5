using Quiver.Core.Embedding;
using Quiver.Core.Jobs;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

public sealed class JobSpecValidatorTests
{
    private static readonly EmbeddingModelInfo Model = new("model", "12345678", 384, 128, 48);
    private static readonly JobOptions Options = new();

    public static TheoryData<string, JobSpec> Refused => new()
    {
        { "Chunk tokens are 8 to 128", With(maxTokens: 7) },
        { "Chunk tokens are 8 to 128", With(maxTokens: 129) },
        { "Overlap tokens are 0 to half", With(overlap: -1) },
        { "Overlap tokens are 0 to half", With(maxTokens: 20, overlap: 11) },
        { "Batches in flight are 1 to 64", JobSamples.Spec() with { MaxInFlight = 0 } },
        { "Batches in flight are 1 to 64", JobSamples.Spec() with { MaxInFlight = 65 } },
        { "failure ratio is 0 to 1", JobSamples.Spec() with { MaxFailureRatio = -0.01 } },
        { "failure ratio is 0 to 1", JobSamples.Spec() with { MaxFailureRatio = 1.01 } },
        { "failure ratio is 0 to 1", JobSamples.Spec() with { MaxFailureRatio = double.NaN } },
        { "sync mode 9 is unknown", JobSamples.Spec() with { Sync = (SyncMode)9 } },
        { "omit --since", JobSamples.Spec() with { Sync = SyncMode.Mirror, Source = new SourceSpec { Table = new() { Name = "t", SinceColumn = "at", Since = "1" } } } },
        { "format 9 is unknown", JobSamples.Spec() with { Source = new SourceSpec { Format = (DocumentFormat)9 } } },
    };

    public static TheoryData<JobSpec> Accepted =>
    [
        JobSamples.Spec(),
        With(maxTokens: 8, overlap: 4),
        With(maxTokens: 128, overlap: 0),
        JobSamples.Spec() with { MaxInFlight = 64, MaxFailureRatio = 0 },
        JobSamples.Spec() with { MaxInFlight = 1, MaxFailureRatio = 1, Sync = SyncMode.Mirror },
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void Validate_OutOfRange_IsRefusedWithTheRange(string sentence, JobSpec spec)
    {
        var error = Assert.Throws<InvalidRequestException>(() => JobSpecValidator.Validate(spec, Model, Options));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Validate_InRange_Passes(JobSpec spec) => Assert.Null(Record.Exception(() => JobSpecValidator.Validate(spec, Model, Options)));

    [Fact]
    public void Validate_NoCollection_IsRefused() =>
        Assert.Equal("invalid_collection", Assert.Throws<InvalidRequestException>(() => JobSpecValidator.Validate(JobSamples.Spec() with { Collection = default }, Model, Options)).Code);

    [Fact]
    public void Chunking_Open_TakesTheModelsAndTheSilosDefaults() => Assert.Equal((48, 12), JobSpecValidator.Chunking(JobSamples.Spec(), Model, Options));

    [Fact]
    public void Chunking_SmallChunks_HaveAtMostHalfOverlap() => Assert.Equal((10, 5), JobSpecValidator.Chunking(With(maxTokens: 10), Model, Options));

    [Fact]
    public void AskForTheSame_EqualLists_IsTrue()
    {
        var first = JobSamples.Spec() with { TraceParent = "00-a" };
        var second = JobSamples.Spec() with { TraceParent = "00-b" };

        Assert.True(JobSpecValidator.RequestTheSame(first, second));
    }

    [Fact]
    public void AskForTheSame_AnyDifference_IsFalse()
    {
        var spec = JobSamples.Spec();

        Assert.All(
            [
                spec with { Sync = SyncMode.Mirror },
                spec with { DryRun = true },
                spec with { Collection = CollectionName.Parse("other") },
                spec with { Source = spec.Source with { Paths = ["/other"] } },
                spec with { Source = spec.Source with { Include = ["*.md"] } },
                spec with { Source = spec.Source with { Exclude = ["*.md"] } },
                spec with { Source = spec.Source with { IdField = "id" } },
            ],
            (JobSpec other) => Assert.False(JobSpecValidator.RequestTheSame(spec, other)));
    }

    private static JobSpec With(int? maxTokens = null, int? overlap = null) =>
        JobSamples.Spec() with { Chunking = new ChunkingSpec { MaxTokens = maxTokens, OverlapTokens = overlap } };
}
