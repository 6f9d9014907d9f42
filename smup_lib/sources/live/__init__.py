"""Do the official services answer as we expect? A few small calls, whose answers are kept."""
