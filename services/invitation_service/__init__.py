"""Decides who is invited, issues and redeems invitations; owns them and their token hashes."""
