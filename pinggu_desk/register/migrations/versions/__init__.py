"""One module for each step of the schema; which comes after which says `migrations.HISTORY`. A released one is never edited."""
