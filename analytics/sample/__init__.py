"""The sample operation: five invented vendors, 27 months of exports with a story, always the same bytes."""
