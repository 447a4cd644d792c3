"""The officer's desk (政策维护): text, rule and worked examples side by side, looked over while it is typed."""
