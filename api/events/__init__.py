"""The feed: every event of the workspace, numbered without gaps in commit order."""
