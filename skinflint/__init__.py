"""skinflint: finds and mends what makes Claude requests cost more than they should."""

__version__ = "0.1.0"
