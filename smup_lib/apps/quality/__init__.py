"""The app about what the data hold and where they have gaps."""
