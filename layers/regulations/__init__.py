"""Data a province replaces by its own: the regulation of citizen feedback and the working calendar."""
