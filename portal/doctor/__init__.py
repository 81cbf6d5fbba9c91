"""The doctor: says what is wrong with this installation, what that costs and what to do."""
