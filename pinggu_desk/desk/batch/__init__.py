"""批量: a list of applicants against every policy, chosen, checked, run, looked through, and gone on with."""
