"""The enums of the database and of the code are identical."""
