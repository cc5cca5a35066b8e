"""The tools an agent works with, executed inside the sandbox; the outer end trusts nothing inside.

`server.py` runs in the cell with only the standard library. `client.py` talks to it in lines of
JSON, checks every reply and ends the cell when one is not what was agreed.
"""

from factory.agents.toolbox.client import TOOLS, Toolbox, ToolReply

__all__ = ["TOOLS", "ToolReply", "Toolbox"]
