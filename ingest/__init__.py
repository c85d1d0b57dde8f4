"""From source to rows."""
