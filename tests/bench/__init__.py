"""Benchmarks: `make bench` and `make bench-http`. No test asserts time, because machines are
shared; `docs/performance.md` says how to read the figures and keeps them."""
