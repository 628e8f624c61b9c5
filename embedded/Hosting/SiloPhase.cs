namespace Quiver.Embedded.Hosting;

/// <summary>The life of a silo.</summary>
internal enum SiloPhase
{
    /// <summary>Not started.</summary>
    Created,

    /// <summary>Serving.</summary>
    Running,

    /// <summary>Calls from outside are refused; grains may still call grains, so that they can end what they have begun.</summary>
    Draining,

    /// <summary>Every call is refused.</summary>
    Stopped,
}
