using System.Reflection;
using Orleans;

namespace Quiver.Tests.Unit.GrainInterfaces;

/// <summary>What crosses a grain boundary must be serializable between silos, which calls inside one silo do not show.</summary>
public sealed class ContractTests
{
    [Fact]
    public void Contract_Types_AreFound()
    {
        Assert.Contains(ContractTypes.Interfaces, type => type == typeof(IIngestionJobGrain));
        Assert.Contains(ContractTypes.Exchanged, type => type == typeof(JobCounters));
        Assert.Contains(ContractTypes.Exchanged, type => type == typeof(DocumentFormat));
        Assert.Contains(ContractTypes.Exchanged, type => type == typeof(Page<>));
        Assert.True(ContractTypes.Exchanged.Count > 25);
    }

    [Fact]
    public void Contract_EveryPublicRecordAndEnum_IsExchanged()
    {
        // A type that nothing exchanges belongs to another project.
        var data = ContractTypes.Contract.GetExportedTypes().Where(type => (type.IsEnum || type.IsDefined(typeof(GenerateSerializerAttribute))) && !type.IsAssignableTo(typeof(Exception)) && type != typeof(FaultKind));

        Assert.Empty(data.Except(ContractTypes.Exchanged));
    }

    [Fact]
    public void Contract_Types_CarrySerializerAndUniqueAlias()
    {
        Type[] all = [.. ContractTypes.Exchanged, .. ContractTypes.Exceptions, typeof(FaultKind)];

        Assert.All(all, type => Assert.True(type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false), $"{type} lacks [GenerateSerializer]."));
        Assert.All(all, type => Assert.True(type.GetCustomAttribute<AliasAttribute>(inherit: false) is { Alias.Length: > 0 }, $"{type} lacks [Alias]."));
        AssertUnique(all.Select(type => type.GetCustomAttribute<AliasAttribute>(inherit: false)!.Alias));
    }

    [Fact]
    public void Contract_Records_AreSealedAndImmutable() =>
        Assert.All(ContractTypes.Exchanged.Where(type => !type.IsEnum), type =>
        {
            Assert.True(type.IsSealed, $"{type} is not sealed.");
            Assert.True(type.IsDefined(typeof(ImmutableAttribute), inherit: false), $"{type} lacks [Immutable].");
            Assert.All(ContractTypes.Members(type), member => Assert.True(IsInitOnly(member), $"{type}.{member.Name} can be set."));
            Assert.All(
                ContractTypes.Members(type),
                member => Assert.False(member.PropertyType.IsArray || member.PropertyType.Name is "List`1" or "Dictionary`2", $"{type}.{member.Name} can be changed from outside."));
        });

    [Fact]
    public void Contract_Members_CarryUniqueIds() =>
        Assert.All([.. ContractTypes.Exchanged.Where(type => !type.IsEnum), .. ContractTypes.Exceptions], type =>
        {
            var declared = type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
            Assert.All(ContractTypes.Members(type), member => Assert.True(member.IsDefined(typeof(IdAttribute)), $"{type}.{member.Name} lacks [Id]."));
            AssertUnique(declared.Select(member => member.GetCustomAttribute<IdAttribute>()?.Id.ToString()).OfType<string>());
        });

    [Fact]
    public void Contract_Enums_HaveExplicitValuesFromOne() =>
        Assert.All(ContractTypes.Exchanged.Where(type => type.IsEnum).Append(typeof(FaultKind)), type =>
        {
            var values = Enum.GetValuesAsUnderlyingType(type).Cast<int>().ToList();
            Assert.DoesNotContain(0, values);
            Assert.Equal(values.Count, values.Distinct().Count());
        });

    [Fact]
    public void Contract_Exceptions_AreSealedLeavesOfOneRoot() =>
        Assert.All(ContractTypes.Exceptions, type =>
        {
            Assert.True(type.IsAssignableTo(typeof(QuiverException)), $"{type} has another root.");
            Assert.True(type.IsSealed || type == typeof(QuiverException), $"{type} is not sealed.");
        });

    [Fact]
    public void Contract_InterfacesAndMethods_CarryUniqueAliases()
    {
        AssertUnique(ContractTypes.Interfaces.Select(type => Alias(type)));
        Assert.All(ContractTypes.Interfaces, type => AssertUnique(type.GetMethods().Select(method => Alias(method))));

        static string Alias(MemberInfo member) =>
            member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? throw new InvalidOperationException($"{member.DeclaringType}.{member.Name} lacks [Alias].");
    }

    [Fact]
    public void Contract_Methods_AreAsyncAndEndWithAnOptionalToken() =>
        Assert.All(ContractTypes.Methods, method =>
        {
            Assert.EndsWith("Async", method.Name, StringComparison.Ordinal);
            Assert.True(method.ReturnType.IsAssignableTo(typeof(Task)), $"{method.Name} returns no task.");
            if (method.Name == nameof(IIngestionJobGrain.AdmittedAsync))
            {
                // One-way: there is no caller that waits.
                return;
            }

            var last = method.GetParameters()[^1];
            Assert.True(last.ParameterType == typeof(CancellationToken) && last.IsOptional, $"{method.DeclaringType}.{method.Name} has no optional token at its end.");
            Assert.Single(method.GetParameters(), parameter => parameter.ParameterType == typeof(CancellationToken));
        });

    private static bool IsInitOnly(PropertyInfo member) =>
        !member.SetMethod!.IsPublic || member.SetMethod.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));

    private static void AssertUnique(IEnumerable<string> values)
    {
        var all = values.ToList();
        Assert.Equal(all.Order(StringComparer.Ordinal), all.Distinct().Order(StringComparer.Ordinal));
    }
}
