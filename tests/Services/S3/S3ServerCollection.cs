namespace Quiver.Tests.Services.S3;

/// <summary>Tests that share the one S3 server; they run one after another, because some stop it.</summary>
[CollectionDefinition(Name)]
public sealed class S3ServerCollection : ICollectionFixture<S3Server>
{
    public const string Name = "S3 server";
}
