"""The parts of `benchmarks.workbench`."""
