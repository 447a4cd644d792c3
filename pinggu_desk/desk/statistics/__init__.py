"""统计 (Alt+7): the register's cases counted, as a table and a chart."""
