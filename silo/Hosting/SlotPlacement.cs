using Orleans.Runtime;

namespace Quiver.Silo.Hosting;

/// <summary>Where new activations go: see <see cref="SlotPlacementDirector"/>.</summary>
[Serializable, GenerateSerializer, Alias("quiver.SlotPlacement")]
internal sealed class SlotPlacement : PlacementStrategy;
