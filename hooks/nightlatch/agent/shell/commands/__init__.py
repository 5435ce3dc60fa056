"""What the programs do that developers and agents call: tables, one a theme, and what a table can't say."""
