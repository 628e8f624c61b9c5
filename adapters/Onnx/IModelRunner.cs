using Microsoft.ML.OnnxRuntime;

namespace Quiver.Adapters.Onnx;

/// <summary>Feeds one kind of graph. Belongs to one thread, whose buffers it reuses.</summary>
internal interface IModelRunner
{
    /// <summary>Computes the normalised vectors of some texts.</summary>
    /// <param name="options">Through which the run can be stopped.</param>
    /// <param name="texts">The token ids of each text, checked; possibly none.</param>
    /// <returns>The vectors one after the other, in a new array.</returns>
    /// <exception cref="OnnxRuntimeException">The run failed or was stopped.</exception>
    float[] Run(RunOptions options, IReadOnlyList<int[]> texts);
}
