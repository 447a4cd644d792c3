"""What a table of applicants comes to, row by row: the certain sum, the ceilings, what is nearest, what to ask (see ``assess.tally``)."""
