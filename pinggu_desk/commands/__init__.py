"""The same work without a window: click, reading files, lines for a terminal."""
