"""What officers read, on a page or in a terminal: the console's words, and campaigns ready to be shown. No web in here."""
