namespace Quiver.GrainInterfaces.Identity;

/// <summary>A validated name.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IName<TSelf>
    where TSelf : IName<TSelf>
{
    /// <summary>The name's text.</summary>
    string Value { get; }

    /// <summary>Parses a name, or throws <see cref="Errors.InvalidRequestException"/>.</summary>
    /// <param name="value">The text.</param>
    static abstract TSelf Parse(string? value);
}
