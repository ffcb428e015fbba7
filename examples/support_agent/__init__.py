"""A small support agent for Pinewick, a shop that rents and repairs bicycles.

It is written the way such agents are: it works, its answers are right, and it costs several times
what it should. ``skinflint check examples`` says where; ``--fix --unsafe-fixes`` mends it.
"""
