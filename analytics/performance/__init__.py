"""What the numbers mean: each step takes the KPI frame and ADDS columns (targets, variance and status, signals, words)."""
