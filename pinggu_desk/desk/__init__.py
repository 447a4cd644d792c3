"""The desk (窗口): Qt, and only here."""
