"""Pure arithmetic: arrays in, arrays out; never a connection."""
