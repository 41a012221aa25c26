"""The policy: the workspace's numbers, versioned."""
