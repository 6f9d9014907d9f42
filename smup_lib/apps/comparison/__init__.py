"""The app that puts two to eight units side by side."""
