"""nginx before a gateway, as docs/uploads.md has it, where it is installed."""

import shutil
from pathlib import Path

from bench.load.gateways import Program, free_port


def nginx(port: int, folder: Path) -> tuple[Program, int] | None:
    """A proxy for the gateway at that port, not started yet, and its own port; None where nginx is not installed."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(program).exists():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    outside = free_port()
    settings = folder / "nginx.conf"
    settings.write_text(f"""
        daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; master_process off;
        events {{ worker_connections 64; }}
        http {{
          access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
          fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
          server {{
            listen 127.0.0.1:{outside};
            location / {{
              proxy_pass http://127.0.0.1:{port}; proxy_request_buffering off; client_max_body_size 0;
              proxy_http_version 1.1; proxy_set_header Host $host;
            }}
          }}
        }}""")
    return Program([program, "-c", str(settings), "-p", str(folder)], {}, folder / "nginx.log", outside), outside
