namespace Quiver.Tests.Behaviour;

/// <summary>Tests on one server, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class BehaviourCollection : ICollectionFixture<BehaviourServer>
{
    public const string Name = "Behaviour";
}
