namespace Quiver.Core.Collections;

/// <summary>What a step of retention did.</summary>
/// <param name="Documents">Documents forgotten.</param>
/// <param name="Points">Points deleted.</param>
/// <param name="HasMore">Whether there is more to look through.</param>
/// <param name="Next">Where to go on; null begins anew.</param>
internal readonly record struct RetentionStep(long Documents, long Points, bool HasMore, Guid? Next);
