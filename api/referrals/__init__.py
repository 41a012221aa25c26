"""Referrals: a referrer attached their name to a candidate, usually for a job. Recording one makes no advocacy."""
