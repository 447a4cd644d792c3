"""What the two engines say differently: how names are searched, how writers wait for each other."""
