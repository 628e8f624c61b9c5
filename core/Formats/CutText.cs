namespace Quiver.Core.Formats;

/// <summary>Cuts text without leaving half of a surrogate pair.</summary>
internal static class CutText
{
    /// <summary>The first <paramref name="maxCharacters"/> characters, or one less.</summary>
    public static string At(string text, int maxCharacters)
    {
        if (text.Length <= maxCharacters)
        {
            return text;
        }

        return char.IsHighSurrogate(text[maxCharacters - 1]) ? text[..(maxCharacters - 1)] : text[..maxCharacters];
    }
}
