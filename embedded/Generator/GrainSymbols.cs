using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Quiver.Embedded.Generator;

/// <summary>What the generator looks for in symbols.</summary>
internal static class GrainSymbols
{
    /// <summary>Full names that compile anywhere.</summary>
    internal static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
        | SymbolDisplayMiscellaneousOptions.UseSpecialTypes
        | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    // The numbers are those of Quiver.Embedded.Calls.CallKinds.
    private static readonly (string Attribute, int Kind)[] Kinds =
    [
        ("Orleans.Concurrency.ReadOnlyAttribute", 1),
        ("Orleans.Concurrency.AlwaysInterleaveAttribute", 2),
        ("Orleans.Concurrency.OneWayAttribute", 4),
    ];

    internal const int OneWay = 4;

    internal static bool IsGrainInterface(ITypeSymbol symbol) =>
        symbol.TypeKind == TypeKind.Interface && symbol.AllInterfaces.Any(candidate => Is(candidate, "Orleans.IGrain"));

    internal static bool Is(ITypeSymbol symbol, string name) => symbol.OriginalDefinition.ToDisplayString() == name;

    /// <summary>How the calls of a method take their turn.</summary>
    internal static int KindsOf(IMethodSymbol method) =>
        Kinds.Where(kind => Attribute(method, kind.Attribute) is not null).Sum(kind => kind.Kind);

    /// <summary>The method's own response timeout in ticks; 0 without.</summary>
    internal static long TimeoutTicksOf(IMethodSymbol method) =>
        Attribute(method, "Orleans.ResponseTimeoutAttribute")?.ConstructorArguments[0].Value is string text
        && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var timeout)
            ? timeout.Ticks
            : 0;

    private static AttributeData? Attribute(IMethodSymbol method, string name) =>
        method.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass is { } type && Is(type, name));
}
