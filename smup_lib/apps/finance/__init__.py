"""The app about the money of one unit."""
