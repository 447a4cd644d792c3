"""Pages (版面): GB/T 9704's page, typesetting, fonts, tables, and PDF/A bytes."""
