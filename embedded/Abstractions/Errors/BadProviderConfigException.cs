using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A grain names a provider that the host does not have.</summary>
/// <param name="msg">A sentence.</param>
public sealed class BadProviderConfigException(string msg) : OrleansException(msg);
