"""The database: an index over files and the durable home of alerts. SQLite or PostgreSQL, by URL."""
