using System.Reflection;
using Orleans.Runtime;

namespace Quiver.Tests.Unit.GrainInterfaces;

/// <summary>The grain interfaces and, transitively, every type of ours that crosses them.</summary>
internal static class ContractTypes
{
    public static Assembly Contract { get; } = typeof(JobSpec).Assembly;

    public static IReadOnlyList<Type> Interfaces { get; } =
        [.. Contract.GetExportedTypes().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable)))];

    public static IReadOnlyList<MethodInfo> Methods { get; } = [.. Interfaces.SelectMany(type => type.GetMethods())];

    public static IReadOnlyList<Type> Exchanged { get; } = Collect();

    public static IReadOnlyList<Type> Exceptions { get; } = [.. Contract.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(Exception)))];

    public static IEnumerable<PropertyInfo> Members(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(property => property.SetMethod is not null && property.GetIndexParameters().Length == 0);

    private static List<Type> Collect()
    {
        var found = new HashSet<Type>();
        var open = new Queue<Type>(Methods.SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)));

        // Events travel on a stream instead of through a method.
        open.Enqueue(typeof(JobEvent));
        while (open.TryDequeue(out var type))
        {
            foreach (var argument in type.IsGenericType ? type.GetGenericArguments() : [])
            {
                open.Enqueue(argument);
            }

            var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
            if (definition.Assembly == Contract && !definition.IsGenericParameter && found.Add(definition))
            {
                foreach (var member in Members(definition))
                {
                    open.Enqueue(member.PropertyType);
                }
            }
        }

        return [.. found.OrderBy(type => type.FullName, StringComparer.Ordinal)];
    }
}
