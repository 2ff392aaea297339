"""Frames and marks become pictures: pure functions from a frame to a figure or an SVG, colours by meaning."""
