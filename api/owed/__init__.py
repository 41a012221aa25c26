"""What we owe somewhere: how the open follow-ups that name a referral, referrer, advocacy or advocate stand."""
