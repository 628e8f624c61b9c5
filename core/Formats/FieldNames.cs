using System.Text.Json;

namespace Quiver.Core.Formats;

/// <summary>Keeps one string for each field name, since the records of a file mostly share theirs. Not thread-safe.</summary>
internal sealed class FieldNames
{
    private const int MaxNames = 1_024;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The name that the reader stands at.</summary>
    /// <exception cref="InvalidOperationException">The name holds an escaped lone surrogate.</exception>
    public string Read(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > RecordConstants.MaxNameCharacters)
        {
            return reader.GetString()!;
        }

        Span<char> characters = stackalloc char[RecordConstants.MaxNameCharacters];
        var name = characters[..reader.CopyString(characters)];
        var lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(name, out var known))
        {
            return known;
        }

        var made = name.ToString();
        if (_names.Count < MaxNames)
        {
            _names.Add(made);
        }

        return made;
    }
}
