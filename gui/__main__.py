"""``python -m gui [FILE…]``: the desktop app without the command line's options."""

import sys

from gui.application import main

if __name__ == "__main__":
    sys.exit(main(files=sys.argv[1:]))
