"""What is put into a program that is proven: a ``sitecustomize`` in a folder of its own."""

from __future__ import annotations

import os

#: The folder that goes into ``PYTHONPATH``.
FOLDER = os.path.dirname(os.path.abspath(__file__))
