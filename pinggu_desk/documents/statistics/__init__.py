"""Statistics (统计) as a table, a chart, a sheet of A4, a workbook and CSV; counted elsewhere (``work.statistics``)."""
