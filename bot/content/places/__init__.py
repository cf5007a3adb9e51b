"""The gazetteer from its reviewed tables: read, compiled, kept built, checked."""
