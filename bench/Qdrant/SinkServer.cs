using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Bench.Qdrant;

/// <summary>Accepts points as a Qdrant server does, and discards them: reads a write completely, waits, and reports that it is completed.</summary>
internal sealed class SinkServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SinkServer(TimeSpan service)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(static options => options.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton<IServiceMethodProvider<Sink>>(new SinkMethods(service));
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(static kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ConfigureEndpointDefaults(static listen => listen.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.MapGrpcService<Sink>();
    }

    /// <summary>The address.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts it.</summary>
    /// <param name="service">The time that a write takes after it was received.</param>
    public static async Task<SinkServer> StartAsync(TimeSpan service)
    {
        var server = new SinkServer(service);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The service that the methods belong to.</summary>
    internal sealed class Sink;

    /// <summary>The methods that the adapter calls. Requests are not parsed: that would be the server's work.</summary>
    private sealed class SinkMethods(TimeSpan service) : IServiceMethodProvider<Sink>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Sink> context)
        {
            var completed = new Wire.PointsOperationResponse { Result = new() { OperationId = 1, Status = Wire.UpdateStatus.Completed } };
            Add(context, "Qdrant", "HealthCheck", TimeSpan.Zero, new Wire.HealthCheckReply { Title = "sink", Version = "1.18.0" });
            Add(context, "Points", "Upsert", service, completed);
            Add(context, "Points", "Scroll", TimeSpan.Zero, new Wire.ScrollResponse());
        }

        private static void Add<TResponse>(ServiceMethodProviderContext<Sink> context, string type, string name, TimeSpan wait, TResponse response)
            where TResponse : class, IMessage<TResponse>
        {
            var responses = Marshallers.Create<TResponse>(static message => message.ToByteArray(), static _ => throw new NotSupportedException());
            context.AddUnaryMethod(
                new Method<Received, TResponse>(
                    MethodType.Unary,
                    $"qdrant.{type}",
                    name,
                    Marshallers.Create<Received>(static (_, _) => throw new NotSupportedException(), static message => new(message.PayloadLength, message.PayloadAsReadOnlySequence().Length)),
                    responses),
                [],
                async (_, _, call) =>
                {
                    if (wait > TimeSpan.Zero)
                    {
                        await Task.Delay(wait, call.CancellationToken);
                    }

                    return response;
                });
        }
    }

    /// <summary>A request that was received completely.</summary>
    private sealed record Received(int Length, long Read);
}
