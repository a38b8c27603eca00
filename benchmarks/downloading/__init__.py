"""The parts of `benchmarks.download`."""
