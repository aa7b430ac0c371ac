"""Benchmarks: each prints ratios against its references, side by side in one run."""
