"""mini-swe-agent with litellm, run by a Python that has both: STEPS are what the server answers.

PYTHON bench/peer_mini.py URL FOLDER
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ |= {"MSWEA_SILENT_STARTUP": "1", "ANTHROPIC_API_KEY": "sk-ant-bench"}
os.environ["MSWEA_GLOBAL_CONFIG_DIR"] = sys.argv[2]
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

from minisweagent.agents.default import DefaultAgent
from minisweagent.environments.local import LocalEnvironment
from minisweagent.models.litellm_model import LitellmModel

model = LitellmModel(
    model_name="anthropic/claude-sonnet-4-5",
    model_kwargs={"api_base": sys.argv[1]},
    set_cache_control="default_end",
)
agent = DefaultAgent(
    model,
    LocalEnvironment(cwd=sys.argv[2]),
    system_template="You are a software developer.",
    instance_template="{{task}}",
    cost_limit=0,
    output_path=Path(sys.argv[2], "trajectory.json"),
)
begun = time.process_time()
status = agent.run("Build it.")["exit_status"]
seconds = (time.process_time() - begun) / agent.n_calls
print(json.dumps({"status": status, "processor_seconds": seconds}))
