namespace Quiver.Cli.Parsing;

/// <summary>True or false on the command line, where not saying it means a third thing. (An option of type bool takes no other word and leaves it for the next argument.)</summary>
internal enum Toggle
{
    /// <summary><c>false</c>.</summary>
    False = 1,

    /// <summary><c>true</c>.</summary>
    True = 2,
}
