namespace Quiver.GrainInterfaces.Jobs;

/// <summary>A document that failed alone.</summary>
[GenerateSerializer, Immutable, Alias("quiver.failed-document.v1")]
public sealed record FailedDocument
{
    /// <summary>Its 0-based place in the source.</summary>
    [Id(0)]
    public required long Ordinal { get; init; }

    /// <summary>Its id, or what stands for it: file and line.</summary>
    [Id(1)]
    public required string DocumentId { get; init; }

    /// <summary>A stable code.</summary>
    [Id(2)]
    public required string Code { get; init; }

    /// <summary>What is wrong with it, in a sentence.</summary>
    [Id(3)]
    public required string Reason { get; init; }

    /// <summary>When it failed, UTC.</summary>
    [Id(4)]
    public required DateTimeOffset At { get; init; }
}
