"""`python -m contracts`: see `contracts.commands`."""

import sys

from contracts.commands.program import main

if __name__ == "__main__":
    sys.exit(main())
