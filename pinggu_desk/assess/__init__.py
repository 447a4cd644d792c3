"""Facts in, determinations out (测算): evaluation, explanation, the interview; imports policy only."""
