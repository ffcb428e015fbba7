"""``python -m skinflint``."""

from skinflint.cli import main

if __name__ == "__main__":
    main()
