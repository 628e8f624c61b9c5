using Orleans.Runtime;

namespace Orleans;

/// <summary>Marks a grain interface.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain identified by a string.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>A grain identified by a 64-bit integer.</summary>
public interface IGrainWithIntegerKey : IGrain;
