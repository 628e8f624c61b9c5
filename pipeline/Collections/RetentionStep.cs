namespace Quiver.Pipeline.Collections;

/// <summary>What a step of retention did.</summary>
/// <param name="Documents">Documents forgotten.</param>
/// <param name="Points">Points deleted.</param>
/// <param name="Next">Where to go on; null when all is looked through.</param>
internal readonly record struct RetentionStep(long Documents, long Points, Guid? Next);
