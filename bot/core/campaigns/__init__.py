"""Campaigns as rules without I/O: who is meant, when it may go, who must agree, and what state follows which."""
