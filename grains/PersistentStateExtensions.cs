namespace Quiver.Grains;

/// <summary>Writing a grain's state.</summary>
internal static class PersistentStateExtensions
{
    /// <summary>
    /// Replaces the state. When it cannot be written memory and storage may differ: the state is as before, and the activation goes with
    /// its next pause, so that the following one reads what is stored.
    /// </summary>
    public static async Task ReplaceAsync<T>(this IPersistentState<T> state, T next, Action deactivate)
        where T : class
    {
        var before = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = before;
            deactivate();
            throw;
        }
    }
}
