"""How fast the portal is: `make bench` and `make bench-http`. Nothing here is a test, because time
on a shared machine proves nothing; `docs/performance.md` keeps what was measured."""
