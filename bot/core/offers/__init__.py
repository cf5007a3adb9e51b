"""Reading an offer of work, marriage or money for the warning signs of trafficking. Pure; the signs are data."""
