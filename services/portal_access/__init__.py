"""Lets invitees in and shows them their charts; owns accounts, connections and sessions."""
