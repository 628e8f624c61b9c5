namespace Quiver.Grains.Collections;

/// <summary>The contract between a collection and the model that fills it.</summary>
internal static class BindingRules
{
    /// <summary>A new binding: one physical collection per model, shared by all tenants.</summary>
    public static CollectionBinding Create(CollectionKey key, string model, int dimensions) => new()
    {
        Key = key,
        PhysicalCollection = $"quiver_{model.Split('@')[0]}_{dimensions}d",
        Model = model,
        Dimensions = dimensions,
    };

    /// <summary>Refuses a model other than the one that the collection was built with.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DimensionMismatch"/> or <see cref="ErrorCodes.ModelMismatch"/>.</exception>
    public static void RequireSame(CollectionBinding bound, string model, int dimensions)
    {
        if (bound.Dimensions != dimensions)
        {
            throw new ConflictException(
                ErrorCodes.DimensionMismatch,
                $"Collection {bound.Key.Collection} holds vectors of {bound.Dimensions} numbers and the model {model} makes {dimensions}: use the model {bound.Model}, or another collection.");
        }

        if (bound.Model != model)
        {
            throw new ConflictException(
                ErrorCodes.ModelMismatch,
                $"Collection {bound.Key.Collection} was built with the model {bound.Model}, not {model}: use that model, or another collection.");
        }
    }
}
