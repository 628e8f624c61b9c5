using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quiver.GrainInterfaces.Identity;

/// <summary>The owner of jobs, collections and points.</summary>
[GenerateSerializer, Immutable, Alias("quiver.tenant-id.v1")]
[JsonConverter(typeof(NameJsonConverter<TenantId>))]
public readonly record struct TenantId : IName<TenantId>
{
    private TenantId(string value) => Value = value;

    /// <summary>The name; empty only for <c>default</c>.</summary>
    [Id(0)] public string Value { get => field ?? ""; private init; }

    /// <summary>Parses a name.</summary>
    /// <param name="value">1 to 64 characters, see <see cref="NameValidator"/>.</param>
    /// <exception cref="Errors.InvalidRequestException">With code <c>invalid_tenant</c>.</exception>
    public static TenantId Parse(string? value) => new(NameValidator.Require(value, "tenant"));

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A tenant's named set of points.</summary>
[GenerateSerializer, Immutable, Alias("quiver.collection-name.v1")]
[JsonConverter(typeof(NameJsonConverter<CollectionName>))]
public readonly record struct CollectionName : IName<CollectionName>
{
    private CollectionName(string value) => Value = value;

    /// <summary>The name; empty only for <c>default</c>.</summary>
    [Id(0)] public string Value { get => field ?? ""; private init; }

    /// <summary>Parses a name.</summary>
    /// <param name="value">1 to 64 characters, see <see cref="NameValidator"/>.</param>
    /// <exception cref="Errors.InvalidRequestException">With code <c>invalid_collection</c>.</exception>
    public static CollectionName Parse(string? value) => new(NameValidator.Require(value, "collection"));

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The name of a job within its tenant.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-id.v1")]
[JsonConverter(typeof(NameJsonConverter<JobId>))]
public readonly record struct JobId : IName<JobId>
{
    private JobId(string value) => Value = value;

    /// <summary>The name; empty only for <c>default</c>.</summary>
    [Id(0)] public string Value { get => field ?? ""; private init; }

    /// <summary>Parses a name.</summary>
    /// <param name="value">1 to 64 characters, see <see cref="NameValidator"/>.</param>
    /// <exception cref="Errors.InvalidRequestException">With code <c>invalid_job</c>.</exception>
    public static JobId Parse(string? value) => new(NameValidator.Require(value, "job"));

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A validated name.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IName<TSelf>
    where TSelf : IName<TSelf>
{
    /// <summary>The name's text.</summary>
    string Value { get; }

    /// <summary>Parses a name or throws <see cref="Errors.InvalidRequestException"/>.</summary>
    static abstract TSelf Parse(string? value);
}

/// <summary>Validates names that become part of grain keys, file names and payload values.</summary>
public static class NameValidator
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>True when <paramref name="value"/> has 1 to 64 characters of <c>A–Z a–z 0–9 . _ -</c> and starts with a letter or digit.</summary>
    public static bool IsValid(string? value) =>
        value is { Length: > 0 and <= MaxLength } && char.IsAsciiLetterOrDigit(value[0]) && !value.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>Returns <paramref name="value"/> when valid.</summary>
    /// <param name="value">The candidate.</param>
    /// <param name="what">What the name is for, as used in the message: "tenant", "collection", "job".</param>
    /// <exception cref="InvalidRequestException">The name is invalid; the code is <c>invalid_&lt;what&gt;</c>.</exception>
    public static string Require(string? value, string what) =>
        IsValid(value)
            ? value!
            : throw new InvalidRequestException(
                $"invalid_{what}",
                $"'{value}' is not a valid {what} name: use 1 to {MaxLength} letters, digits, '.', '_' or '-', starting with a letter or digit.");
}

/// <summary>Writes a name as a JSON string and validates it when read.</summary>
/// <typeparam name="T">The name's type.</typeparam>
public sealed class NameJsonConverter<T> : JsonConverter<T>
    where T : IName<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => T.Parse(reader.GetString());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Value);
    }
}
