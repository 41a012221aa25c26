"""What connected systems send: taken in as it comes, and worked into records of ours afterwards."""
