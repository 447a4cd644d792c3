"""Paper and files out (文书): letter, notice, sheet; imports policy and assess."""
