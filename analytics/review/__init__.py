"""What a review meeting looks at, gathered from the rooms below: one vendor on one page."""
