using Quiver.Bench;

return await Benchmarks.RunAsync(args);
