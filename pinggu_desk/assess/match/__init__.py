"""能享受什么 (match): every benefit at once, near misses, the next question, the best lawful bundle."""
