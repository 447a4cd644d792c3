"""pinggu_desk (平谷惠企窗口): the counter desk for Pinggu District's enterprise and talent policies."""

__version__ = "0.1.0"
