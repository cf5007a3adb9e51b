"""Tips: what a citizen tells, how it is asked for, and the receipt that brings them back."""
