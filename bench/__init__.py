"""What the dashboard costs, measured on the running product. Start it with `make bench`."""
