"""A way out of the cell for named hosts only: a proxy outside, a relay inside, a socket between.

The cell keeps its network shut. What runs in it may ask the proxy, through a UNIX socket in a
folder that is bound read-only, for a connection to a host and port of the list; names are
resolved outside. The traffic itself is not looked into.
"""

from factory.agents.egress.proxy import EgressProxy, parse_allowed

__all__ = ["EgressProxy", "parse_allowed"]
