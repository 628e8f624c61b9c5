using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;
using Quiver.Embedded.Activations;

namespace Quiver.Embedded.State;

/// <summary>Makes the persistent states of constructor parameters.</summary>
internal static class PersistentStateFactory
{
    /// <summary>The name of the store that a parameter without one uses.</summary>
    internal const string DefaultStorage = "Default";

    private static readonly MethodInfo CreateMethod = typeof(PersistentStateFactory).GetMethod(nameof(Create), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The maker for a parameter of type <c>IPersistentState&lt;T&gt;</c>.</summary>
    internal static Func<Activation, object?> For(Type parameterType, PersistentStateAttribute attribute)
    {
        if (!parameterType.IsGenericType || parameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
            throw new InvalidOperationException($"[PersistentState] belongs on an IPersistentState<T>, not on {parameterType}.");
        return CreateMethod.MakeGenericMethod(parameterType.GenericTypeArguments).CreateDelegate<Func<PersistentStateAttribute, Func<Activation, object?>>>()(attribute);
    }

    private static Func<Activation, object?> Create<T>(PersistentStateAttribute attribute)
    {
        var storageName = attribute.StorageName ?? DefaultStorage;
        return activation =>
        {
            var storage = activation.Silo.Services.GetKeyedService<IGrainStorage>(storageName)
                ?? throw new BadProviderConfigException($"The host has no grain storage named '{storageName}', which {activation.GrainId} needs.");
            var state = new PersistentState<T>(activation, attribute.StateName, storage);
            activation.AddState(state);
            return state;
        };
    }
}
