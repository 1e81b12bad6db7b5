"""``python -m acnelib.cli`` is ``acne``."""

import sys

from acnelib.cli.main import main

sys.exit(main())
