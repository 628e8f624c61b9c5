using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>How model.json is read; generated, because the first command of a process waits for it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ModelDescriptor))]
internal sealed partial class ModelDescriptorJson : JsonSerializerContext;
