using System.Runtime.CompilerServices;

namespace Quiver.Embedded.State;

/// <summary>The state of a grain that has no record.</summary>
/// <typeparam name="T">The state's type.</typeparam>
public static class StateDefaults<T>
{
    private static readonly bool HasConstructor = typeof(T).IsValueType || typeof(T).GetConstructor(Type.EmptyTypes) is not null;

    /// <summary>A new state; uninitialised, as with Orleans, when its type has no parameterless constructor.</summary>
    public static T Create() => HasConstructor ? Activator.CreateInstance<T>() : (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
}
