"""The parts of `benchmarks.identify`."""
