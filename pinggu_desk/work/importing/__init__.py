"""Lists into the register (从名单导入): what would change is laid out first, asked where it is not sure, and written when agreed to."""
