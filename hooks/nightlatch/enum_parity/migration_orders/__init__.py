"""Which files of a repository are migrations, and in which order they run: one small module for each tool."""
