"""``python -m spatial`` is ``geoioc``."""

from spatial.cli import main

if __name__ == "__main__":
    main()
