#!/usr/bin/python3
"""An S3 server for tests: OpenStack Swift's proxy, account, container and object server, one replica, one disk, loopback only.

server.py run PACKAGE DATA     starts it on free ports, prints "ready PORT PROXY-PID" and serves until standard input ends: a test process that
                               dies, however it dies, takes it along. A line "restart" there starts the proxy again on its port.
PACKAGE is DIR/pkg/usr/lib/python3/dist-packages of the DIR that install.sh was given, DATA a folder that does not exist yet.
Access key test:tester, secret testing, region us-east-1, path style.
"""
import configparser
import importlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

ROLES = ("account", "container", "object")


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def write(path, sections):
    parser = configparser.RawConfigParser()
    parser.read_dict(sections)
    with open(path, "w", encoding="utf-8") as file:
        parser.write(file)


def common(data, port):
    return {
        "workers": 0, "bind_ip": "127.0.0.1", "bind_port": port, "swift_dir": f"{data}/etc", "log_level": "WARNING", "log_address": f"{data}/none",
        "user": os.popen("id -un").read().strip(),
    }


def configure(data, proxy, memcached, ports):
    etc = f"{data}/etc"
    os.makedirs(etc)
    os.makedirs(f"{data}/disks/d1")
    write(f"{etc}/swift.conf", {
        "swift-hash": {"swift_hash_path_prefix": "quiver", "swift_hash_path_suffix": "tests"},
        "storage-policy:0": {"name": "one", "default": "yes"},
    })
    for role in ROLES:
        write(f"{etc}/{role}.conf", {
            "DEFAULT": common(data, ports[role]) | {"devices": f"{data}/disks", "mount_check": "false", "fallocate_reserve": 0, "disable_fallocate": "true"},
            "pipeline:main": {"pipeline": f"{role}-server"},
            f"app:{role}-server": {"use": f"egg:swift#{role}"},
            f"{role}-updater": {}, f"{role}-replicator": {},
        })
    filters = {
        "catch_errors": {}, "gatekeeper": {}, "healthcheck": {}, "listing_formats": {}, "copy": {},
        "cache": {"use": "egg:swift#memcache", "memcache_servers": f"127.0.0.1:{memcached}"},
        "bulk": {},
        "s3api": {"location": "us-east-1", "allow_multipart_uploads": "true", "max_upload_part_num": 10000},
        "tempauth": {"user_test_tester": "testing .admin"},
        "slo": {"max_manifest_segments": 10000},
    }
    order = "catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth copy slo"
    write(f"{etc}/proxy.conf", {
        "DEFAULT": common(data, proxy),
        "pipeline:main": {"pipeline": f"{order} proxy-server"},
        "app:proxy-server": {"use": "egg:swift#proxy", "account_autocreate": "true"},
    } | {f"filter:{name}": {"use": f"egg:swift#{name}"} | settings for name, settings in filters.items()})


def rings(data, ports):
    from swift.common.ring import RingBuilder
    for role, port in ports.items():
        builder = RingBuilder(2, 1, 0)
        builder.add_dev({
            "id": 0, "region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "replication_ip": "127.0.0.1", "replication_port": port,
            "device": "d1", "weight": 1.0, "meta": "",
        })
        builder.rebalance()
        builder.get_ring().save(f"{data}/etc/{role}.ring.gz")


def serve(role, data):
    # What a test stores need not survive a power failure; without this 2,500 objects take most of a minute.
    os.fsync = os.fdatasync = lambda descriptor: None
    from swift.common.utils import set_swift_dir
    set_swift_dir(f"{data}/etc")
    module = importlib.import_module("swift.obj.server" if role == "object" else f"swift.{role}.server")
    sys.argv = [role, f"{data}/etc/{role}.conf"]
    sys.exit(module.main())


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthcheck", timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def run(package, data):
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    proxy, memcached, *rest = free_ports(2 + len(ROLES))
    ports = dict(zip(ROLES, rest))
    configure(data, proxy, memcached, ports)
    sys.path.insert(0, package)
    rings(data, ports)
    environment = os.environ | {"PYTHONPATH": package, "PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": ""}
    user = ["-u", "root"] if os.getuid() == 0 else []
    commands = {"memcached": ["memcached", "-l", "127.0.0.1", "-p", str(memcached), "-U", "0", "-m", "16", "-t", "1", *user]}
    commands |= {role: [sys.executable, __file__, "serve", role, data] for role in (*ROLES, "proxy")}
    started = {}

    def start(name):
        with open(f"{data}/{name}.log", "ab") as log:
            started[name] = subprocess.Popen(
                commands[name], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True)

    def ready():
        deadline = time.monotonic() + 60
        while not (all(listens(port) for port in (memcached, proxy, *ports.values())) and answers(proxy)):
            ended = [name for name, process in started.items() if process.poll() is not None]
            if ended or time.monotonic() > deadline:
                print(f"failed {', '.join(ended) or 'no answer'}; see {data}/*.log", flush=True)
                return False
            time.sleep(0.05)
        print(f"ready {proxy} {started['proxy'].pid}", flush=True)
        return True

    try:
        for name in commands:
            start(name)
        if not ready():
            return 1
        for line in sys.stdin:
            if line.strip() == "restart":
                started["proxy"].kill()
                started["proxy"].wait()
                start("proxy")
                ready()
        return 0
    finally:
        for process in started.values():
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
        for process in started.values():
            process.wait()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        sys.path.insert(0, os.environ["PYTHONPATH"])
        serve(sys.argv[2], sys.argv[3])
    sys.exit(run(sys.argv[2], sys.argv[3]))
