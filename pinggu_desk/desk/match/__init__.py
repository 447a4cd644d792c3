"""匹配 (能享受什么): every policy at once, the next question, the best lawful bundle. Only Qt's side of it."""
