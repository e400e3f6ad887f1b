"""Database to frozen snapshot: the only part of the reports that reads the database."""
