namespace Quiver.Client.Http;

/// <summary>Quiver's own headers.</summary>
public static class QuiverHeaders
{
    /// <summary>Whose jobs and collections a request is about; <c>default</c> when missing.</summary>
    public const string Tenant = "X-Quiver-Tenant";

    /// <summary>A token that makes a submission repeatable.</summary>
    public const string IdempotencyKey = "Idempotency-Key";
}
