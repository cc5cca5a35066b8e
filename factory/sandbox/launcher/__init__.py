"""The launcher: starts, restarts and stops instances of a service for whoever runs scenarios.

`python -I -m factory.sandbox.launcher FILE`; FILE is written by `plan.write`. Nothing is imported
here: the launcher starts anew for every run of a suite.
"""
