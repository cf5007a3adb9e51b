"""Referrals: a tip on the desk of one unit."""
