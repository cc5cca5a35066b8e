"""Command-line agents: one program each, started in a cell, its own stream read as it comes.

What is particular to a program is one small module: its words, its environment and a reader of
its stream. All of them run by `agent.py`, and what they are charged is decided in `charge.py`.
A program's word is believed only where nothing speaks against it: what it runs inside shares its
user id and can write to its output.
"""
