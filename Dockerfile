# Quiver: `docker build -t quiver .`. The same image runs a single silo and a silo of a cluster; the settings choose (docs/operating.md, docs/cluster.md).

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /src
COPY . .
ARG TARGETARCH=amd64
RUN case "$TARGETARCH" in amd64) rid=linux-x64 ;; arm64) rid=linux-arm64 ;; *) echo "Quiver has no build for $TARGETARCH" >&2; exit 1 ;; esac \
 && dotnet publish silo -c Release -r "$rid" --self-contained false -o /out -v minimal

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble
COPY --from=build /out /app
RUN ln -s /app/quiver /usr/local/bin/quiver && install -d -o app -g app -m 700 /data
ENV QUIVER__DATA__DIRECTORY=/data
# glibc gives each thread a heap of its own, and each heap keeps its peak; a single heap keeps the process small (docs/benchmarks.md, memory).
ENV MALLOC_ARENA_MAX=1
USER app
VOLUME /data

# HTTP; other silos; .NET clients. The last two are used in a cluster only, and belong in a private network.
EXPOSE 7700 11111 30000

# On SIGTERM jobs finish their batches in flight and checkpoint: give the container more than the 20 s of Quiver:Server:DrainTimeout before it is killed.
STOPSIGNAL SIGTERM

# The image has no curl, but bash can open a TCP connection. The server answers within 5 s, the time limit of its own checks.
HEALTHCHECK --interval=10s --timeout=8s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/7700 && printf 'GET /health/ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]

# An address on the command line is allowed explicitly: inside the container 0.0.0.0 is every interface of the container, and docker decides what is published.
ENTRYPOINT ["/app/quiver"]
CMD ["serve", "--urls", "http://0.0.0.0:7700"]
