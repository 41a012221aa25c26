"""Support: load the facts of an application, derive how it is backed, announce what changed."""
