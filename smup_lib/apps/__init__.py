"""Apps in a browser: compositions of widgets and the server that shows them."""
