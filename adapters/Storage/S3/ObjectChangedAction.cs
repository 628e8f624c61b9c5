namespace Quiver.Adapters.Storage.S3;

/// <summary>What to do about an object that was replaced or deleted while a job was in the middle of it.</summary>
public enum ObjectChangedAction
{
    /// <summary>
    /// Read what is there now from its beginning; documents are repeated but none is lost, and the job ends with a warning. Fails like
    /// <see cref="Fail"/> when one object changes more than five times while it is read.
    /// </summary>
    Restart = 1,

    /// <summary>Fail the job with <see cref="ErrorCodes.SourceChanged"/>.</summary>
    Fail = 2,
}
