"""The commands of ``smup``, one module a noun; each command is one call into the library."""
