"""`python -m monitor` is `monitor`."""

from __future__ import annotations

from monitor.cli.app import main

if __name__ == "__main__":
    main()
