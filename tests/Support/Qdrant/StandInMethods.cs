using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>The service that the stand-in's methods belong to.</summary>
internal sealed class StandInService(QdrantStandIn server)
{
    public QdrantStandIn Server { get; } = server;
}

/// <summary>The stand-in's methods. The client's package has Qdrant's messages but no base classes for a server.</summary>
internal sealed class StandInMethods : IServiceMethodProvider<StandInService>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<StandInService> context)
    {
        Add(context, "Qdrant", "HealthCheck", Wire.HealthCheckRequest.Parser, Wire.HealthCheckReply.Parser, static (state, _, _) => state.CheckHealth());
        Add(context, "Collections", "List", Wire.ListCollectionsRequest.Parser, Wire.ListCollectionsResponse.Parser, static (state, _, _) => state.List());
        Add(context, "Collections", "Get", Wire.GetCollectionInfoRequest.Parser, Wire.GetCollectionInfoResponse.Parser, static (state, message, _) => state.Get(message));
        Add(context, "Collections", "Create", Wire.CreateCollection.Parser, Wire.CollectionOperationResponse.Parser, static (state, message, _) => state.Create(message));
        Add(context, "Collections", "Update", Wire.UpdateCollection.Parser, Wire.CollectionOperationResponse.Parser, static (state, message, _) => state.Change(message));
        Add(context, "Collections", "Delete", Wire.DeleteCollection.Parser, Wire.CollectionOperationResponse.Parser, static (state, message, _) => state.Drop(message));
        Add(context, "Points", "CreateFieldIndex", Wire.CreateFieldIndexCollection.Parser, Wire.PointsOperationResponse.Parser, static (state, message, late) => state.CreateIndex(message, late));
        Add(context, "Points", "Upsert", Wire.UpsertPoints.Parser, Wire.PointsOperationResponse.Parser, static (state, message, late) => state.Upsert(message, late));
        Add(context, "Points", "Delete", Wire.DeletePoints.Parser, Wire.PointsOperationResponse.Parser, static (state, message, late) => state.Delete(message, late));
        Add(context, "Points", "Scroll", Wire.ScrollPoints.Parser, Wire.ScrollResponse.Parser, static (state, message, _) => state.Scroll(message));
        Add(context, "Points", "Query", Wire.QueryPoints.Parser, Wire.QueryResponse.Parser, static (state, message, _) => state.Query(message));
        Add(context, "Points", "Count", Wire.CountPoints.Parser, Wire.CountResponse.Parser, static (state, message, _) => state.Count(message));
        Add(context, "Points", "Facet", Wire.FacetCounts.Parser, Wire.FacetResponse.Parser, static (state, message, _) => state.CountFacet(message));
    }

    private static void Add<TRequest, TResponse>(
        ServiceMethodProviderContext<StandInService> context,
        string service,
        string name,
        MessageParser<TRequest> requests,
        MessageParser<TResponse> responses,
        Func<StandInState, TRequest, bool, TResponse> answer)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var method = new Method<TRequest, TResponse>(MethodType.Unary, $"qdrant.{service}", name, MarshallerOf(requests), MarshallerOf(responses));
        context.AddUnaryMethod(
            method,
            [],
            (target, message, call) => target.Server.TakeAsync($"{service}.{name}", message, call, (request, late) => answer(target.Server.State, request, late)));
    }

    private static Marshaller<T> MarshallerOf<T>(MessageParser<T> parser)
        where T : class, IMessage<T> =>
        Marshallers.Create(static message => message.ToByteArray(), parser.ParseFrom);
}
