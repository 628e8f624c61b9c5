namespace Orleans.Runtime;

/// <summary>A grain's stored record as a constructor parameter; it is loaded before <c>OnActivateAsync</c>.</summary>
/// <typeparam name="TState">The state's type.</typeparam>
public interface IPersistentState<TState> : Orleans.Core.IStorage<TState>;
