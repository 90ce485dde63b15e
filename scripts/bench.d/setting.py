"""What all servers of a run share, and how their configurations are written."""

import os
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent


@dataclass
class Setting:
    run: Path           # a folder of this run
    root: Path          # unpacked Debian packages
    origin: int         # the origin's port
    server_core: int
    load_core: int
    access_log: bool
    larder: list        # the launcher's command
    floor: list         # the command that runs NettyFloor
    larder_version: str = ""

    def environment(self):
        """For programs that run unpacked: where their libraries are."""
        folders = [str(path) for top in ("usr/lib", "lib") for path in (self.root / top).glob("*-linux-gnu*")]
        folders += [f"{folder}/varnish" for folder in folders] + [str(self.root / "usr/lib/trafficserver")]
        return {**os.environ, "LD_LIBRARY_PATH": ":".join(folders)}

    def fill(self, template, target, **values):
        """Writes a template with its @NAMES@ replaced, and returns where."""
        text = (HERE / "servers" / template).read_text()
        for name, value in {"ORIGIN": self.origin, "RUN": self.run, "SECURE": "", **values}.items():
            text = text.replace(f"@{name}@", str(value))
        target.write_text(text)
        return target
