"""Lists as workbooks (名单、台账、清单), in and out."""
