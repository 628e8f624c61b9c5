namespace Quiver.Adapters.Sources.Postgres;

/// <summary>A column as the catalogue has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in words.</param>
/// <param name="IsNullable">Whether it may hold null, as far as the catalogue knows; of views it knows nothing.</param>
internal sealed record TableColumn(string Name, string Type, bool IsNullable);
