"""`python -m scenario_runner`: the same as the command `scenario-runner`."""

from scenario_runner.cli import main

if __name__ == "__main__":
    main()
