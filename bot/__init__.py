"""Lá Chắn: a confidential hotline against human trafficking."""
