"""What the province watches: declarations only, no I/O, needs nothing but pydantic."""
