using System.Text;
using Microsoft.CodeAnalysis;

namespace Quiver.Embedded.Generator;

/// <summary>Writes one method of a proxy.</summary>
internal static class MethodWriter
{
    private const string Calls = "global::Quiver.Embedded.Calls.";

    private static readonly string[] ReturnTypes =
    [
        "System.Threading.Tasks.Task",
        "System.Threading.Tasks.Task<TResult>",
        "System.Threading.Tasks.ValueTask",
        "System.Threading.Tasks.ValueTask<TResult>",
    ];

    internal static bool IsSupported(IMethodSymbol method) =>
        !method.IsGenericMethod
        && !method.IsStatic
        && ReturnTypes.Any(type => GrainSymbols.Is(method.ReturnType, type))
        && method.Parameters.All(parameter => parameter.RefKind == RefKind.None)
        && method.Parameters.Count(IsToken) <= 1;

    internal static void Write(StringBuilder source, IMethodSymbol method, int number)
    {
        var declaring = method.ContainingType.ToDisplayString(GrainSymbols.Format);
        var returned = method.ReturnType.ToDisplayString(GrainSymbols.Format);
        var valueTask = method.ReturnType.Name == "ValueTask";
        var result = ((INamedTypeSymbol)method.ReturnType).TypeArguments.FirstOrDefault()?.ToDisplayString(GrainSymbols.Format);
        var kinds = GrainSymbols.KindsOf(method);
        var parameters = string.Join(", ", method.Parameters.Select((parameter, i) => $"{parameter.Type.ToDisplayString(GrainSymbols.Format)} arg{i}"));
        var passed = string.Join(", ", method.Parameters.Select((parameter, i) => GrainSymbols.IsGrainInterface(parameter.Type) ? $"ToReference(arg{i})" : $"arg{i}"));
        var received = string.Join(", ", method.Parameters.Select((parameter, i) => IsToken(parameter) ? "Token" : $"arg{i}"));
        var token = method.Parameters.Where(IsToken).Select(parameter => $", arg{parameter.Ordinal}").FirstOrDefault();
        var send = (kinds & GrainSymbols.OneWay) != 0 && result is null ? "SendOneWay" : "Send";
        var sent = $"{send}(new Call{number}({passed}))";
        source.Append($$"""
                    private static readonly {{Calls}}CallMethod Method{{number}} =
                        new("{{method.ContainingType.Name}}.{{method.Name}}", ({{Calls}}CallKinds){{kinds}}, {{GrainSymbols.TimeoutTicksOf(method)}}L);

                    {{returned}} {{declaring}}.{{method.Name}}({{parameters}}) => {{(valueTask ? $"new({sent})" : sent)}};

                    private sealed class Call{{number}}({{parameters}}) : {{Calls}}{{(result is null ? "GrainAction" : $"GrainCall<{result}>")}}(Method{{number}}{{token}})
                    {
                        protected override global::System.Threading.Tasks.Task InvokeAsync(object grain) =>
                            (({{declaring}})grain).{{method.Name}}({{received}}){{(valueTask ? ".AsTask()" : "")}};
                    }


            """);
    }

    private static bool IsToken(IParameterSymbol parameter) => GrainSymbols.Is(parameter.Type, "System.Threading.CancellationToken");
}
