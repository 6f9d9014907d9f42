"""The server of the pages: kernels, admission, limits, what a visitor may reach."""
