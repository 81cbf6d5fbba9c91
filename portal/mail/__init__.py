"""Mail that is never lost: stored in the transaction that causes it, sent later by the worker."""
