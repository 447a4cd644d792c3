"""从名单导入: a list taken into the register, its columns corrected and what it would change shown before anything is written."""
