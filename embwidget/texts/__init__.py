"""Texts of users: read from any column, listed in an order people expect, and made fit to leave the package."""
