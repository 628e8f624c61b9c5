namespace Quiver.Embedded.Activations;

/// <summary>Tells the base constructor of a grain which activation it is made for.</summary>
internal static class ActivationConstruction
{
    [ThreadStatic]
    private static Activation? _current;

    internal static Activation? Current => _current;

    /// <summary>Makes a grain object.</summary>
    /// <param name="activation">Its activation.</param>
    /// <param name="make">The grain's constructor.</param>
    internal static object Run(Activation activation, Func<Activation, object> make)
    {
        _current = activation;
        try
        {
            return make(activation);
        }
        finally
        {
            _current = null;
        }
    }
}
