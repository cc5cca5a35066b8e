"""Numbers without a unit: what the words around one tell of whether it needs one.

Each case is a function of a `Bare`: True where a unit is missing, False where none is needed, None
where it cannot tell. `factory.spec.rules.numbers` asks them in order.
"""
