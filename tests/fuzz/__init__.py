"""Random requests to every route by every visitor: `make fuzz`, and a short run in the tests."""
