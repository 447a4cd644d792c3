"""PostgreSQL, where an office sets it: the same `Store`, on a server that several machines share."""
