"""The factory's place on GitHub: what is set there, what is wrong with it, how it is set up.

`read` asks and decides nothing; `checks` decides and asks nothing; `begin` sets up what is missing.
"""
