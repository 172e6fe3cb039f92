"""`python -m lightmill`: the command line where the command `lightmill` is not on the path."""

from .cli import main

if __name__ == "__main__":
    main()
