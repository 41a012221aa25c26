"""Erasure and disclosure: anonymising a person, handing out what is known of them, telling them that it is."""
